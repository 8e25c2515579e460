import type { AttributeMap } from './attribute-value.ts';
import { TableModel } from './table.ts';
import type { TableSettings } from './table-settings.ts';

/** DynamoDB in one region. */
export class Tables {
  /** Sorted by name. */
  readonly all: readonly TableModel[];

  constructor(settings: readonly TableSettings[]) {
    this.all = [...settings].sort((one, other) => (one.name < other.name ? -1 : 1)).map((one) => new TableModel(one));
  }

  /** Finds a table by its name or its ARN. */
  find(name: string): TableModel | undefined {
    return this.all.find(({ settings }) => settings.name === name || settings.arn === name);
  }

  /** Loses every item, as the loss of the region does. */
  clear(): void {
    for (const table of this.all) table.clear();
  }

  /** Items by the ARN of their table. */
  snapshot(): Readonly<Record<string, readonly AttributeMap[]>> {
    return Object.fromEntries(this.all.map((table) => [table.settings.arn, table.all()]));
  }

  restore(snapshot: Readonly<Record<string, readonly AttributeMap[]>>): void {
    for (const table of this.all) table.restore(snapshot[table.settings.arn] ?? []);
  }
}
