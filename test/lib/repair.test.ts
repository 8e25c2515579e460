import { describe, expect, test } from 'vitest';
import { limits } from '../../core/limits/limits.ts';
import { configOf, templatesOf } from './templates.ts';

const [template] = templatesOf(configOf());

describe('what repair leaves', () => {
  test('raises a ticket when it lasts, long before repair looks no further back, and silence is none', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'clicks-repair-behind',
      TreatMissingData: 'notBreaching',
      EvaluationPeriods: limits.alarms.repairBehindHours,
      DatapointsToAlarm: limits.alarms.repairBehindHours,
    });
    expect(limits.alarms.repairBehindHours).toBeLessThan(limits.repair.hoursMax / 2);
  });

  test('stands on the dashboard, beside what it brought', () => {
    const dashboard = JSON.stringify(template.findResources('AWS::CloudWatch::Dashboard'));
    for (const name of ['Repaired', 'RepairFailed', 'RepairHoursSkipped']) expect(dashboard).toContain(name);
  });
});
