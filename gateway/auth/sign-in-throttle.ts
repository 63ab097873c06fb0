import { hash } from 'node:crypto';

import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
  RLWrapperTimeouts,
} from 'rate-limiter-flexible';
import type { RedisClientType } from 'redis';

import type { SignInAttempt, SignInThrottle } from '../../core/ports/credentials.ts';

/** A Redis that hangs costs a sign-in no more than this. */
const REDIS_TIMEOUT_MS = 500;

/** Attempts that fail within a window, of one kind of origin; the window passes, nothing stays locked. */
export interface ThrottleLimits {
  readonly windowSeconds: number;
  /** Of one account from one address. */
  readonly pair: number;
  /** From one address, whatever the account. */
  readonly address: number;
  /** Of one account, from wherever. */
  readonly account: number;
}

export const DEFAULT_THROTTLE_LIMITS: ThrottleLimits = {
  windowSeconds: 60,
  pair: 5,
  address: 100,
  account: 20,
};

export interface SignInThrottleOptions {
  readonly limits?: ThrottleLimits;
  /** A connected client: shares the counts between gateways. While it is away each gateway counts alone. */
  readonly redis?: Pick<RedisClientType, 'isReady'>;
}

export function createSignInThrottle(options: SignInThrottleOptions = {}): SignInThrottle {
  const limits = options.limits ?? DEFAULT_THROTTLE_LIMITS;
  const pair = limiter('pair', limits.pair, limits.windowSeconds, options.redis);
  const address = limiter('address', limits.address, limits.windowSeconds, options.redis);
  const account = limiter('account', limits.account, limits.windowSeconds, options.redis);

  /** The narrowest first: who is stopped there does not use up what others share. */
  function counters(attempt: SignInAttempt): readonly (readonly [RateLimiterAbstract, string])[] {
    const accountKey = hash('sha256', attempt.account, 'base64url');
    return [
      [pair, `${accountKey}@${attempt.remoteAddress}`],
      [address, attempt.remoteAddress],
      [account, accountKey],
    ];
  }

  return {
    async begin(attempt) {
      for (const [counter, key] of counters(attempt)) {
        const wait = await secondsToWait(counter, key);
        if (wait !== null) return wait;
      }
      return null;
    },
    async succeeded(attempt) {
      await Promise.all(counters(attempt).map(([counter, key]) => counter.reward(key, 1)));
    },
  };
}

async function secondsToWait(counter: RateLimiterAbstract, key: string): Promise<number | null> {
  try {
    await counter.consume(key, 1);
    return null;
  } catch (reason) {
    if (!(reason instanceof RateLimiterRes)) throw reason;
    return Math.max(1, Math.ceil(reason.msBeforeNext / 1000));
  }
}

function limiter(
  name: string,
  points: number,
  duration: number,
  redis: SignInThrottleOptions['redis'],
): RateLimiterAbstract {
  const keyPrefix = `omniquant:sign-in:${name}`;
  const memory = new RateLimiterMemory({ keyPrefix, points, duration });
  if (redis === undefined) return memory;
  const shared = new RateLimiterRedis({
    storeClient: redis,
    useRedisPackage: true,
    rejectIfRedisNotReady: true,
    insuranceLimiter: memory,
    keyPrefix,
    points,
    duration,
  });
  return new RLWrapperTimeouts({ limiter: shared, timeoutMs: REDIS_TIMEOUT_MS });
}
