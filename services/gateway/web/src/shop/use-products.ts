import type { Product } from '@doorbuster/contracts';
import { useEffect, useRef, useState } from 'preact/hooks';
import { backOffMs } from '../kit/back-off.ts';
import { ask, sentence } from '../kit/http.ts';

interface Page {
  items: Product[];
  next: string | null;
}

const pageSize = 40;
/** Long enough for a word to be typed, short enough not to be noticed. */
const typingMs = 180;

const pathOf = (words: string, after: string): string =>
  `/products?${new URLSearchParams({ limit: String(pageSize), ...(words && { q: words }), ...(after && { after }) })}`;

/** What is sold and matches the words, a page at a time; it asks again by itself when the shop is away. */
export function useProducts(words: string) {
  const [items, setItems] = useState<Product[]>();
  const [next, setNext] = useState<string | null>(null);
  const [error, setError] = useState<string>();

  useEffect(() => {
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    let failures = 0;
    const load = async () => {
      try {
        const page = await ask<Page>(pathOf(words, ''), { signal: gone.signal });
        setItems(page.items);
        setNext(page.next);
        setError(undefined);
      } catch (thrown) {
        if (gone.signal.aborted) return;
        setError(sentence(thrown));
        timer = setTimeout(load, backOffMs(failures++));
      }
    };
    timer = setTimeout(load, words === '' ? 0 : typingMs);
    return () => {
      gone.abort();
      clearTimeout(timer);
    };
  }, [words]);

  const asked = useRef(words);
  asked.current = words;
  const more = async () => {
    try {
      const page = await ask<Page>(pathOf(words, next ?? ''));
      if (asked.current !== words) return;
      setItems([...(items ?? []), ...page.items]);
      setNext(page.next);
      setError(undefined);
    } catch (thrown) {
      setError(sentence(thrown));
    }
  };
  return { items, error, more: next === null ? undefined : more };
}
