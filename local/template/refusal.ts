/** What is wrong with a template, or what the local cloud does not know: every problem in one error. */
export class TemplateRefused extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the local cloud cannot run these templates:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'TemplateRefused';
    this.problems = problems;
  }
}

/** One problem, thrown where it is found and named in full (stack, resource) by whoever catches it. */
export class Refusal extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Refusal';
  }
}
