import type { Answer, Table, TableItem, TableKey, TableTest, TableValue, TableWrite } from '../../core/ports.ts';
import prices from '../prices.json' with { type: 'json' };

/** What the calls to a table amount to, in the units that AWS bills. */
export interface TableUse {
  readUnits: number;
  writeUnits: number;
}

type Index = Pick<Table, 'get' | 'write'>;

/** The conversion index in memory. Its items are small: reading one is one unit, and so is writing one. */
export class MemoryIndex {
  readonly #items = new Map<string, TableItem>();

  get size(): number {
    return this.#items.size;
  }

  /** The mean size that AWS bills for an item: names and values in UTF-8, and what AWS adds. */
  itemBytes(): number {
    const [item] = this.#items.values();
    if (!item) return 0;
    return Object.entries(item).reduce(
      (sum, [name, value]) => sum + name.length + bytesOf(value),
      prices.dynamodbItemOverheadBytes,
    );
  }

  /** The port. Each call waits for `wait` before its effect. `use` counts the units. */
  open(use: TableUse, wait: (key: string) => Promise<void>): Index {
    return {
      get: async (keys) => {
        use.readUnits += keys.length;
        await wait('index');
        const items = keys.map((key) => this.#items.get(nameOf(key)));
        return { kind: 'ok', value: items.filter((item) => item !== undefined) };
      },
      write: async (write) => {
        use.writeUnits += 1;
        await wait('index');
        return this.#write(write);
      },
    };
  }

  #write({ key, set, when }: TableWrite): Answer {
    const name = nameOf(key);
    const before = this.#items.get(name);
    if (when !== undefined && !when.some((test) => holds(test, before))) {
      return { status: 400, code: 'ConditionalCheckFailedException' };
    }
    this.#items.set(name, { ...key, ...before, ...set });
    return { status: 200, code: '' };
  }
}

function nameOf({ pk, sk }: TableKey): string {
  return `${pk} ${sk}`;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
function bytesOf(value: TableValue): number {
  return typeof value === 'string' ? value.length : Math.ceil(`${value}`.length / 2) + 1;
}

function holds(test: TableTest, item: TableItem | undefined): boolean {
  const value = item?.[test.attribute];
  return test.is === 'absent' ? value === undefined : value === test.value;
}
