/** Most texts whose answer is remembered: more than are common, and too few to hurt. */
const maxRemembered = 500;

/** Remembers what a function answered: the same few browsers and query parameters come with every visit. */
export function remembering<Answer>(answerAnew: (text: string) => Answer): (text: string) => Answer {
  const answers = new Map<string, Answer>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const answer = answerAnew(text);
    if (answers.size === maxRemembered) answers.clear();
    answers.set(text, answer);
    return answer;
  };
}
