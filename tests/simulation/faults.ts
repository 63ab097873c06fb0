import type { MemoryBusLine } from '../support/memory-bus.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import type { GatewayLife } from './gateway-life.ts';
import type { Line } from './network.ts';
import type { Fault } from './plan.ts';
import type { AppendOutcome } from './stores.ts';

export interface FaultsOptions {
  readonly clock: VirtualClock;
  readonly appends: AppendOutcome[];
  readonly bus: MemoryBusLine;
  readonly storeLine: Line;
  /** The life at this place, if there is one at the moment. */
  readonly gateway: (place: number) => GatewayLife | undefined;
  /** Closes it as an operator would. */
  readonly drain: (gateway: GatewayLife) => void;
}

/** Makes things go wrong, for a time. */
export function applyFault(fault: Fault, options: FaultsOptions): void {
  const { clock, appends, bus, storeLine } = options;
  const later = (ms: number, mend: () => void): void => void clock.after(ms, mend);
  const gateway = 'gateway' in fault ? options.gateway(fault.gateway) : undefined;
  switch (fault.kind) {
    case 'kill':
      gateway?.kill();
      return;
    case 'killAt':
      gateway?.at(fault.point, fault.passage, (it) => {
        it.kill();
      });
      return;
    case 'stop':
      if (gateway !== undefined) stop(gateway, fault.ms, later);
      return;
    case 'stopAt':
      gateway?.at(fault.point, fault.passage, (it) => {
        stop(it, fault.ms, later);
      });
      return;
    case 'drain':
      if (gateway !== undefined) options.drain(gateway);
      return;
    case 'line':
      if (gateway !== undefined) breakLine(gateway, fault, later);
      return;
    case 'store':
      storeLine.state = fault.state;
      later(fault.ms, () => (storeLine.state = 'up'));
      return;
    case 'appends':
      appends.push(...fault.outcomes);
      return;
    case 'lossy':
    case 'halfOpen':
      if (gateway !== undefined) weaken(gateway, fault, later);
      return;
    case 'skew':
      if (gateway !== undefined) gateway.life.skew = fault.ms;
      return;
    case 'silentBus':
      bus.setSilent(true);
      later(fault.ms, () => {
        bus.setSilent(false);
      });
  }
}

type Later = (ms: number, mend: () => void) => void;

function stop({ life }: GatewayLife, ms: number, later: Later): void {
  life.stop();
  later(ms, () => {
    life.resume();
  });
}

function breakLine(gateway: GatewayLife, fault: Extract<Fault, { kind: 'line' }>, later: Later): void {
  const line = gateway.lines[fault.to];
  line.state = fault.state;
  const isSeen = fault.to === 'venue' && fault.state === 'cut';
  if (isSeen) gateway.venue.announce(false);
  later(fault.ms, () => {
    line.state = 'up';
    if (isSeen) gateway.venue.announce(true);
  });
}

/** Messages vanish; whether the connection is made anew afterwards, so that both ends know, is chance. */
function weaken(
  { lines, venue }: GatewayLife,
  fault: Extract<Fault, { kind: 'lossy' | 'halfOpen' }>,
  later: Later,
): void {
  if (fault.kind === 'lossy') lines.venue.lossRate = 0.3;
  else lines.venue.isHalfOpen = true;
  later(fault.ms, () => {
    lines.venue.lossRate = 0;
    lines.venue.isHalfOpen = false;
    if (fault.notices) {
      venue.announce(false);
      venue.announce(true);
    }
  });
}

/** Everything is well again, whatever is still to be mended by itself. */
export function heal(gateways: readonly GatewayLife[], { bus, storeLine }: FaultsOptions): void {
  bus.setSilent(false);
  storeLine.state = 'up';
  for (const gateway of gateways) {
    const { life, lines, venue } = gateway;
    gateway.disarm();
    const wasCut = lines.venue.state === 'cut';
    lines.store.state = 'up';
    lines.peers.state = 'up';
    lines.venue.state = 'up';
    lines.venue.lossRate = 0;
    lines.venue.isHalfOpen = false;
    if (wasCut) venue.announce(true);
    life.resume();
  }
}
