import type { ModelTime } from '../time.ts';
import type { Item } from './attribute-value.ts';
import { Table } from './table.ts';
import type { TableSettings } from './table-settings.ts';
import { TransactionTokens } from './transaction-tokens.ts';

/** DynamoDB in one region. */
export class Tables {
  /** Sorted by name. */
  readonly all: readonly Table[];
  readonly tokens: TransactionTokens;

  constructor(settings: readonly TableSettings[], time: ModelTime) {
    this.all = [...settings].sort((one, other) => (one.name < other.name ? -1 : 1)).map((one) => new Table(one));
    this.tokens = new TransactionTokens(time);
  }

  /** By its name or by its ARN. */
  find(name: string): Table | undefined {
    return this.all.find(({ settings }) => settings.name === name || settings.arn === name);
  }

  /** Items by the ARN of their table. */
  snapshot(): Readonly<Record<string, readonly Item[]>> {
    return Object.fromEntries(this.all.map((table) => [table.settings.arn, table.all()]));
  }

  restore(snapshot: Readonly<Record<string, readonly Item[]>>): void {
    for (const table of this.all) table.restore(snapshot[table.settings.arn] ?? []);
  }
}
