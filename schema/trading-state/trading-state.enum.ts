import type { TradingState } from '../../core/engine/account-event.ts';
import { enumType } from '../enum.ts';

export const TradingStateEnum = enumType<TradingState>('TradingState', ['ACTIVE', 'REDUCING', 'HALTED']);
