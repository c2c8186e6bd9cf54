/** Remembers answers, at most so many; the oldest goes first. */
export class Cache {
  #most;
  #renews;
  #answers = new Map();

  constructor(most, renews) {
    this.#most = most;
    this.#renews = renews;
  }

  get(key) {
    const answer = this.#answers.get(key);
    if (answer !== undefined && this.#renews) {
      this.#answers.delete(key);
      this.#answers.set(key, answer);
    }
    return answer;
  }

  set(key, answer) {
    if (this.#most === 0) return;
    this.#answers.set(key, answer);
    if (this.#answers.size > this.#most) this.#answers.delete(this.#answers.keys().next().value);
  }
}
