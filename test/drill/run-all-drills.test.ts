import { describe, expect, test } from 'vitest';
import type { GrantRow } from '../../drill/evidence/grants.ts';
import type { DrillReport } from '../../drill/report/report.ts';
import { allDrillsReport, runAllDrills } from '../../drill/run-all-drills.ts';
import { runDrill } from '../../drill/run-drill.ts';
import { fakeDrill, oneOfferCatalog, scenarioOf, silent } from './fake-drill.ts';

const scenario = (name: string) => scenarioOf(`{ name: ${name}, seed: 1, duration: 2s, load: { clicks: 5 } }`);
const put: GrantRow = { function: 'store', action: 's3:PutObject', resource: "home's log/*", used: 0 };

async function passed(name: string, grants: readonly GrantRow[]): Promise<DrillReport> {
  const { clock, cloud, send } = fakeDrill();
  const sender = () => ({ send, close: async () => undefined });
  const operate = async () => ({ exitCode: 0, output: [], errors: [] });
  const report = await clock.until(
    runDrill(cloud, scenario(name), oneOfferCatalog, { clock, sender, operate, progress: silent }),
  );
  return { ...report, grants };
}

describe('all drills together', () => {
  test('pass when each passed and every grant was used in one of them', async () => {
    const drills = [await passed('one', [{ ...put, used: 3 }]), await passed('two', [put])];
    expect(allDrillsReport(drills)).toMatchObject({ verdict: 'PASSED', broken: [], grants: [{ ...put, used: 3 }] });
  });

  test('fail on a grant that no drill used', async () => {
    const { verdict, broken } = allDrillsReport([await passed('one', [put]), await passed('two', [put])]);
    expect(verdict).toBe('FAILED');
    expect(broken).toEqual(["policy: granted, but used in no drill: store s3:PutObject home's log/*"]);
  });

  test('fail when one failed, and name it', async () => {
    const one = await passed('one', []);
    const { verdict, broken } = allDrillsReport([{ ...one, verdict: 'FAILED', broken: ['I1: a click is lost'] }]);
    expect([verdict, broken]).toEqual(['FAILED', ['one: I1: a click is lost']]);
  });

  test('fail when one ended in an error, and still run the others', async () => {
    const run = async ({ name }: { readonly name: string }) => {
      if (name === 'dies') throw new Error('no such luck');
      return passed(name, []);
    };
    const { clock } = fakeDrill();
    const { verdict, broken, drills } = await runAllDrills([scenario('dies'), scenario('lives')], run, {
      clock,
      print: () => {},
    });
    expect([verdict, drills.map((report) => report.scenario)]).toEqual(['FAILED', ['lives']]);
    expect(broken).toEqual([expect.stringMatching(/^dies: ended in an error: Error: no such luck/)]);
  });

  test('run one after the other, and end with a table of drills and one of grants', async () => {
    const { clock } = fakeDrill();
    const lines: string[] = [];
    const names: string[] = [];
    const run = async ({ name }: { readonly name: string }) => {
      names.push(name);
      const report = await passed(name, [{ ...put, used: 2 }]);
      return name === 'bad' ? { ...report, verdict: 'FAILED' as const, broken: ['I1: x'] } : report;
    };
    const whole = await runAllDrills([scenario('bad'), scenario('good')], run, {
      clock,
      print: (line) => lines.push(line),
    });
    expect(names).toEqual(['bad', 'good']);
    expect(whole.drills).toHaveLength(2);
    const text = lines.join('\n');
    expect(text).toMatch(/^bad +FAILED +0/m);
    expect(text).toMatch(/^good +PASSED +0/m);
    expect(text).toMatch(/store s3:PutObject home's log\/\* +4\n/);
    expect(text).toMatch(/FAILED all\n {2}bad: I1: x$/);
  });
});
