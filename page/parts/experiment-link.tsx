import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/** Opens an experiment, where the page can; a report on paper has nothing to open. */
export const OpenExperiment = createContext<((id: number) => void) | null>(null);

export function ExperimentLink({ id, children }: { readonly id: number; readonly children: preact.ComponentChildren }) {
  const open = useContext(OpenExperiment);
  if (open === null) return <span>{children}</span>;
  return (
    <a
      href={`#open=${id}`}
      onClick={(event) => {
        event.preventDefault();
        open(id);
      }}
    >
      {children}
    </a>
  );
}
