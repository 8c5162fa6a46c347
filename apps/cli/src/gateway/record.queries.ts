import type { GatewayClient } from './gateway.client.ts';

interface JudgedRecords {
  readonly id: string;
  readonly bytes: number | null;
  readonly rows: number | null;
  readonly why: string;
}

export interface RetentionReport {
  readonly dryRun: boolean;
  readonly predictionDays: number;
  readonly undoDays: number;
  readonly collected: readonly JudgedRecords[];
  readonly kept: readonly JudgedRecords[];
}

const fields = 'id bytes rows why';

export async function collectRecords(gateway: GatewayClient, dryRun: boolean): Promise<RetentionReport> {
  const { collectRecords: report } = await gateway.ask<{ collectRecords: RetentionReport }>(
    `mutation CliRecords($dryRun: Boolean!) {
  collectRecords(dryRun: $dryRun) { dryRun predictionDays undoDays collected { ${fields} } kept { ${fields} } }
}`,
    { dryRun },
  );
  return report;
}
