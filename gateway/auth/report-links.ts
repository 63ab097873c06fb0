import { createHmac, timingSafeEqual } from 'node:crypto';

import type { PerformanceRange } from '../../schema/account/performance-service.ts';
import type { Secret } from './secret.ts';

/** What a link opens: the report of one backtest of one workspace. */
export interface ReportLink {
  readonly backtestId: string;
  readonly workspaceId: string;
  /** Epoch ms, whole seconds. */
  readonly expiresAt: number;
}

/** What a link opens: the report of an account of one workspace, of the days that it names. */
export interface AccountReportLink extends PerformanceRange {
  readonly accountId: string;
  readonly workspaceId: string;
  /** Epoch ms, whole seconds. */
  readonly expiresAt: number;
}

/**
 * Links to reports for whoever holds them, as a browser that opens a path sends nothing to say who it is. The signature
 * names what is reported on, its workspace and the time until which the link is good.
 */
export interface ReportLinks {
  /** Of the parameters of a link; a number that is none is no good. */
  isGood(link: ReportLink, signature: string, now: number): boolean;
  /** Path with the parameters, good from now on for an hour. */
  pathOf(target: Omit<ReportLink, 'expiresAt'>, now: number): string;
  isGoodForAccount(link: AccountReportLink, signature: string, now: number): boolean;
  pathOfAccount(target: Omit<AccountReportLink, 'expiresAt'>, now: number): string;
}

const GOOD_FOR_MS = 3_600_000;
const SECOND = 1_000;

/** `secret` is of the installation, so that the link of one gateway opens at all. */
export function createReportLinks(secret: Secret): ReportLinks {
  const key = createHmac('sha256', secret.reveal()).update('omniquant report links').digest();
  const sign = (signed: readonly (string | number | null)[]): Buffer =>
    createHmac('sha256', key).update(JSON.stringify(signed)).digest();
  const ofBacktest = ({ backtestId, expiresAt, workspaceId }: ReportLink): Buffer =>
    sign([backtestId, workspaceId, expiresAt]);
  // Of another length than that of a backtest, so that none is good for both.
  const ofAccount = ({ accountId, benchmark, expiresAt, from, to, workspaceId }: AccountReportLink): Buffer =>
    sign(['account', accountId, workspaceId, expiresAt, from, to, benchmark]);
  const isGood = (signature: string, wanted: Buffer, expiresAt: number, now: number): boolean => {
    const given = Buffer.from(signature, 'base64url');
    return given.length === wanted.length && timingSafeEqual(given, wanted) && now < expiresAt;
  };
  const expiryFrom = (now: number): number => Math.ceil((now + GOOD_FOR_MS) / SECOND) * SECOND;

  return {
    isGood: (link, signature, now) => isGood(signature, ofBacktest(link), link.expiresAt, now),
    isGoodForAccount: (link, signature, now) => isGood(signature, ofAccount(link), link.expiresAt, now),
    pathOf(target, now) {
      const expiresAt = expiryFrom(now);
      const signature = ofBacktest({ ...target, expiresAt });
      return pathTo(`backtests/${encodeURIComponent(target.backtestId)}`, {
        ...{ workspace: target.workspaceId, expires: String(expiresAt) },
        signature: signature.toString('base64url'),
      });
    },
    pathOfAccount(target, now) {
      const { accountId, benchmark, from, to, workspaceId } = target;
      const expiresAt = expiryFrom(now);
      return pathTo(`accounts/${encodeURIComponent(accountId)}`, {
        ...(from !== null && { from: new Date(from).toISOString() }),
        ...(to !== null && { to: new Date(to).toISOString() }),
        ...(benchmark !== null && { benchmark }),
        ...{ workspace: workspaceId, expires: String(expiresAt) },
        signature: ofAccount({ ...target, expiresAt }).toString('base64url'),
      });
    },
  };
}

const pathTo = (place: string, parameters: Readonly<Record<string, string>>): string =>
  `/${place}/report.html?${new URLSearchParams(parameters).toString()}`;
