import { existsSync } from 'node:fs';

import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

import type { ApiAnswer } from '../gateway/api-client.ts';
import { PATIENCE_MS, until } from '../gateway/until.ts';

/** Undefined on a machine without one. */
export const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => existsSync(path),
);

/** A browser that knows no other host than this one. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM ?? '',
    args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
  });

/** GraphiQL in one tab of a browser, used as its users do: by its editors and its button. */
export interface GraphiqlPage {
  readonly page: Page;
  /** What subscriptions were sent, each event's data, in order. */
  readonly told: readonly unknown[];
  /** Loads it, or loads it again. */
  open(address: string): Promise<void>;
  /** Writes the Headers pane anew. */
  setHeaders(headers: Readonly<Record<string, string>>): Promise<void>;
  /** Puts a document in place of what is in the editor, key by key or from the clipboard. */
  type(document: string): Promise<void>;
  paste(document: string): Promise<void>;
  press(): Promise<void>;
  /** Presses the button for a query or mutation, and returns the answer once it is shown. */
  answer<T>(): Promise<ApiAnswer<T>>;
  /** Presses it for a subscription, and returns when that has been sent. */
  follow(): Promise<void>;
  /** What the result pane shows: JSON, or null while it is none. */
  shown(): Promise<unknown>;
}

/** Editors keep only those lines in the page that can be seen: the page is as high as answers are long. */
const VIEWPORT = { width: 1_600, height: 8_000 };

/** In the page. Indentation of a line's continuation is no part of the text; it is what has no style. */
const linesOf = (editor: string): string => `[...document.querySelectorAll('${editor} .view-line')]
  .filter((line) => line.checkVisibility())
  .sort((a, b) => parseFloat(a.style.top) - parseFloat(b.style.top))
  .map((line) => [...line.querySelectorAll('span > span:not([class=""])')]
    .map(({ textContent }) => textContent).join(''))
  .join('').replaceAll('\\u00a0', ' ')`;

const blankless = (text: string): string => text.replaceAll(/\s+/g, '');
const QUERY_EDITOR = '.graphiql-query-editor';
const WRITTEN_MS = 2_000;

export async function openGraphiqlPage(browser: Browser): Promise<GraphiqlPage> {
  const page = await browser.newPage({
    viewport: VIEWPORT,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const button = page.locator('.graphiql-execute-button');
  const told: unknown[] = [];
  let document = '';
  let subscribed = 0;
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      if (messageIn(payload).type === 'subscribe') subscribed += 1;
    });
    socket.on('framereceived', ({ payload }) => {
      const message = messageIn(payload);
      if (message.type === 'next') told.push(message.payload);
    });
  });

  /** Puts a text in place of what an editor holds. One that is still loading takes no keys: then again. */
  async function write(editor: string, text: string, insert: () => Promise<void>): Promise<void> {
    const written = async (): Promise<boolean> =>
      blankless(await page.evaluate<string>(linesOf(editor))) === blankless(text);
    await until(`${text} in ${editor}`, async () => {
      await page.locator(`${editor} .monaco-editor`).filter({ visible: true }).first().click();
      await page.keyboard.press('Control+A');
      await page.keyboard.press('Delete');
      await insert();
      return await until(text, written, WRITTEN_MS).catch(() => false);
    });
  }

  async function shown(): Promise<unknown> {
    const text = await page.evaluate<string>(linesOf('.result-window'));
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return null;
    }
  }

  const press = (): Promise<void> => button.click();

  /** The answer to the document in the editor, when the page posts it; it posts others by itself. */
  const nextAnswer = async (): Promise<ApiAnswer<never>> => {
    const response = await page.waitForResponse(
      (candidate) => {
        const { query } = (candidate.request().postDataJSON() ?? {}) as { query?: string };
        return candidate.url().endsWith('/graphql') && blankless(query ?? '') === blankless(document);
      },
      { timeout: PATIENCE_MS },
    );
    return (await response.json()) as ApiAnswer<never>;
  };

  const writeDocument = async (text: string, insert: () => Promise<void>): Promise<void> => {
    await write(QUERY_EDITOR, text, insert);
    document = text;
  };

  return {
    page,
    told,
    async open(address) {
      await page.goto(`${address}/graphiql`);
      await button.waitFor({ timeout: PATIENCE_MS });
    },
    async setHeaders(headers) {
      await page.getByRole('button', { name: 'Headers' }).click();
      const text = JSON.stringify(headers);
      await write('.graphiql-editor-tool', text, () => page.keyboard.insertText(text));
    },
    type: (text) => writeDocument(text, () => page.keyboard.insertText(text)),
    async paste(text) {
      await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
      await writeDocument(text, () => page.keyboard.press('Control+V'));
    },
    press,
    async answer<T>() {
      const answered = nextAnswer();
      await press();
      const answer: ApiAnswer<T> = await answered;
      const text = JSON.stringify(answer);
      await until(`${text} in GraphiQL`, async () => JSON.stringify(await shown()) === text);
      return answer;
    },
    async follow() {
      // The editor takes a moment to see what kind of operation this is, and until then posts it.
      for (const before = subscribed; subscribed === before;) {
        const refused = nextAnswer();
        refused.catch(() => undefined);
        await press();
        await Promise.race([refused, until('the subscription', () => subscribed > before)]);
      }
    },
    shown,
  };
}

function messageIn(frame: string | Buffer): { readonly type?: string; readonly payload?: unknown } {
  return JSON.parse(frame.toString()) as { type?: string; payload?: unknown };
}
