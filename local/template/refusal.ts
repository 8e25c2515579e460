/** Reports every problem of the templates. AWS would refuse these parts, or the local cloud does not know them. */
export class TemplateRefused extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the local cloud cannot run these templates:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'TemplateRefused';
    this.problems = problems;
  }
}

/** One problem, thrown where it is found. The code that catches it adds the stack and the resource. */
export class Refusal extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Refusal';
  }
}
