/** What a command's help says below the options: `notes`, each a paragraph, and then the examples, one a line. */
export function helpNotes(examples: readonly string[], ...notes: readonly string[]): string {
  return [
    ...notes.flatMap((note) => ['', note]),
    '',
    examples.length === 1 ? 'Example:' : 'Examples:',
    ...examples.map((example) => `  npx keeptrack ${example}`),
  ].join('\n');
}
