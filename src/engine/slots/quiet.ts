/** Lets pieces of work run beside each other, and some of them alone: a piece that waits to be alone holds up those that come after it. */
export class Quiet {
  #working = 0;
  #isAlone = false;
  #waiting: { readonly alone: boolean; readonly go: () => void }[] = [];

  beside<T>(action: () => Promise<T>): Promise<T> {
    return this.#run(false, action);
  }

  alone<T>(action: () => Promise<T>): Promise<T> {
    return this.#run(true, action);
  }

  async #run<T>(alone: boolean, action: () => Promise<T>): Promise<T> {
    await new Promise<void>((go) => {
      this.#waiting.push({ alone, go });
      this.#next();
    });
    try {
      return await action();
    } finally {
      this.#working--;
      this.#isAlone = false;
      this.#next();
    }
  }

  #next(): void {
    for (let [first] = this.#waiting; first !== undefined; [first] = this.#waiting) {
      if (this.#isAlone || (first.alone && this.#working > 0)) return;
      this.#waiting.shift();
      this.#working++;
      this.#isAlone = first.alone;
      first.go();
    }
  }
}
