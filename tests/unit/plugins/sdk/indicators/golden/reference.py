"""Writes reference.json: bars of a made-up market, and what TA-Lib and pandas make of them.

    pip install TA-Lib==0.8.2 pandas numpy && python3 reference.py > reference.json

`values` holds [index, value or values] for the first value, the one after it, one in the middle, and the last.
"""

import json

import numpy as np
import pandas as pd
import talib

COUNT = 120
state = 42


def draw(limit):
    """A whole number below the limit (a linear congruential generator, so that any language can repeat it)."""
    global state
    state = (state * 1103515245 + 12345) % 2**31
    return state // 65536 % limit


rows = []
cents = 10_000
for _ in range(COUNT):
    opened = cents + draw(61) - 30
    cents = max(5_000, opened + draw(301) - 150)
    high = max(opened, cents) + draw(80)
    low = min(opened, cents) - draw(80)
    rows.append([opened / 100, high / 100, low / 100, cents / 100, float(draw(5_000) * 100)])

o, h, l, c, v = (np.array(column) for column in zip(*rows))
close = pd.Series(c)
typical = (h + l + c) / 3
returns_x = pd.Series(h).pct_change()
returns_y = pd.Series(c).pct_change()
x, y = pd.Series(h), pd.Series(c)
slope20 = y.rolling(20).cov(x) / x.rolling(20).var()
alpha20 = y.rolling(20).mean() - slope20 * x.rolling(20).mean()


def sampled(*outputs):
    table = np.column_stack([np.asarray(output, dtype=float) for output in outputs])
    ready = np.flatnonzero(~np.isnan(table).any(axis=1))
    first = int(ready[0])
    picked = [first, first + 1, (first + COUNT) // 2, COUNT - 1]
    return [[i, table[i].tolist() if len(outputs) > 1 else float(table[i, 0])] for i in picked]


macd = talib.MACD(c, 12, 26, 9)
bands = talib.BBANDS(c, 20, 2, 2)
adx = (talib.ADX(h, l, c, 14), talib.PLUS_DI(h, l, c, 14), talib.MINUS_DI(h, l, c, 14))
stoch = talib.STOCH(h, l, c, 14, 3, 0, 3, 0)
aroon_down, aroon_up = talib.AROON(h, l, 25)
# TA-Lib's own KC begins its average true range only where the channel begins.
middle, width = talib.EMA(c, 20), 2 * talib.ATR(h, l, c, 10)
keltner = (middle + width, middle, middle - width)
supertrend = talib.SUPERTREND(h, l, c, 10, 3)
cases = {
    "sma": sampled(talib.SMA(c, 10)),
    "ema": sampled(talib.EMA(c, 10)),
    "wma": sampled(talib.WMA(c, 10)),
    "rma": sampled(talib.RMA(c, 10)),
    "dema": sampled(talib.DEMA(c, 10)),
    "tema": sampled(talib.TEMA(c, 10)),
    "hma": sampled(talib.HMA(c, 16)),
    "kama": sampled(talib.KAMA(c, 10)),
    "variance": sampled(talib.VAR(c, 10, 1)),
    "varianceSample": sampled(close.rolling(10).var()),
    "standardDeviation": sampled(talib.STDDEV(c, 10, 1)),
    "zScore": sampled((close - close.rolling(10).mean()) / close.rolling(10).std(ddof=0)),
    "rollingMin": sampled(talib.MIN(c, 10)),
    "rollingMax": sampled(talib.MAX(c, 10)),
    "rollingSum": sampled(talib.SUM(c, 10)),
    "median": sampled(close.rolling(10).median()),
    "rsi": sampled(talib.RSI(c, 14)),
    "macd": sampled(*macd),
    "bollingerBands": sampled(
        *bands, (c - bands[2]) / (bands[0] - bands[2]), (bands[0] - bands[2]) / bands[1]
    ),
    "atr": sampled(talib.ATR(h, l, c, 14)),
    "trueRange": sampled(talib.TRANGE(h, l, c)),
    "adx": sampled(*adx),
    "stochastic": sampled(*stoch),
    "donchianChannel": sampled(pd.Series(h).rolling(20).max(), pd.Series(l).rolling(20).min()),
    "keltnerChannel": sampled(*keltner),
    "cci": sampled(talib.CCI(h, l, c, 20)),
    "williamsR": sampled(talib.WILLR(h, l, c, 14)),
    "rateOfChange": sampled(talib.ROC(c, 10)),
    "momentum": sampled(talib.MOM(c, 10)),
    "obv": sampled(talib.OBV(c, v)),
    "mfi": sampled(talib.MFI(h, l, c, v, 14)),
    "vwap": sampled(np.cumsum(typical * v) / np.cumsum(v)),
    "rollingVwap": sampled(pd.Series(typical * v).rolling(10).sum() / pd.Series(v).rolling(10).sum()),
    "aroon": sampled(aroon_up, aroon_down, talib.AROONOSC(h, l, 25)),
    "parabolicSar": sampled(talib.SAR(h, l, 0.02, 0.2)),
    "supertrend": sampled(*supertrend),
    "linearRegression": sampled(
        talib.LINEARREG_SLOPE(c, 20),
        talib.LINEARREG_INTERCEPT(c, 20),
        talib.LINEARREG(c, 20),
        close.rolling(20).corr(pd.Series(np.arange(COUNT, dtype=float))) ** 2,
    ),
    "correlation": sampled(talib.CORREL(h, c, 20)),
    "covariance": sampled(x.rolling(20).cov(y)),
    "hedgeRatio": sampled(alpha20, slope20, y - alpha20 - slope20 * x),
    "rollingBeta": sampled(returns_x.rolling(20).cov(returns_y) / returns_x.rolling(20).var()),
}
print(json.dumps({"bars": rows, "values": cases}))
