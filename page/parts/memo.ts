import { Component, h, type ComponentChild, type FunctionComponent } from 'preact';

/** A component that is only drawn again when `isSame` says that something it shows has changed. */
export function memo<P extends object>(
  render: (props: P) => ComponentChild,
  isSame: (before: P, after: P) => boolean,
): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(after: Readonly<P>): boolean {
      return !isSame(this.props, after);
    }
    override render(props: P): ComponentChild {
      return render(props);
    }
  }
  return (props: P) => h(Memo as never, props);
}
