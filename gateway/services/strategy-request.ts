import type { ClientCommand } from '../../core/engine/command.ts';
import type { StrategyCatalog, StrategyParameters } from '../../core/ports/plugin-catalog.ts';
import type { MarketData } from '../../core/runtime/market-data.ts';
import { badInput } from '../../schema/errors/api-error.ts';
import type { StartStrategyRequest } from '../../schema/strategy/strategy-service.ts';
import { nearestHint } from './nearest-text.ts';
import { unknownInstrument } from './unknown-instrument.ts';

const MOST_SYMBOLS = 50;

export interface StrategySurroundings {
  readonly strategies: StrategyCatalog;
  readonly market: Pick<MarketData, 'instrument' | 'instruments'>;
}

/** The command that a checked request comes to. Throws BAD_USER_INPUT, naming the field. */
export async function toStartStrategy(
  input: StartStrategyRequest,
  strategyId: string,
  { strategies, market }: StrategySurroundings,
): Promise<Extract<ClientCommand, { kind: 'startStrategy' }>> {
  const { strategy, symbols, interval } = input;
  checkSymbols(symbols, market);
  const config = await checkedConfig(input, strategies);
  // One id for all: what a strategy draws at random is the same for ever, and another's is different.
  return {
    kind: 'startStrategy',
    terms: { strategyId, strategy, symbols, interval, config, seed: strategyId },
  };
}

function checkSymbols(symbols: readonly string[], market: StrategySurroundings['market']): void {
  if (symbols.length === 0 || symbols.length > MOST_SYMBOLS) {
    throw badInput(`input.symbols are 1 to ${String(MOST_SYMBOLS)}.`, 'input.symbols');
  }
  symbols.forEach((symbol, index) => {
    const field = `input.symbols[${String(index)}]`;
    if (symbols.indexOf(symbol) < index) throw badInput(`${field} is there twice: leave it out.`, field);
    if (market.instrument(symbol) === undefined) {
      throw badInput(unknownInstrument(field, symbol, market), field);
    }
  });
}

async function checkedConfig(
  input: StartStrategyRequest,
  strategies: StrategyCatalog,
): Promise<StrategyParameters> {
  const { strategy, symbols, interval } = input;
  // What came in as JSON holds nothing else.
  const given = (input.config ?? {}) as StrategyParameters;
  const checked = await strategies.checkStrategy(strategy, given, { symbols, interval });
  if (checked === null) throw badInput(unknownStrategy(strategy, strategies.strategies()), 'input.strategy');
  if ('config' in checked) return checked.config;
  const [problem] = checked.problems;
  const place = problem?.isOfRun === true ? 'input' : 'input.config';
  const field = [place, problem?.field ?? ''].filter((part) => part !== '').join('.');
  throw badInput(`${field} ${problem?.message ?? 'is wrong'}.`, field);
}

function unknownStrategy(strategy: string, known: readonly string[]): string {
  const asked = strategy.slice(0, 80);
  const hint = known.length === 0 ? ': no loaded plugin has any' : nearestHint(asked, known);
  return `There is no strategy ${JSON.stringify(asked)} here${hint}.`;
}
