import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../kit/http.ts';

/**
 * Loads something whenever `when` changes, and keeps what it had until the new is there.
 * @returns what was loaded, why it was not, and a way to load it once more
 */
export function useList<Item>(load: (() => Promise<Item[]>) | undefined, when: string) {
  const [items, setItems] = useState<Item[]>();
  const [error, setError] = useState<string>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (load === undefined) return;
    let isGone = false;
    load().then(
      (loaded) => {
        if (isGone) return;
        setItems(loaded);
        setError(undefined);
      },
      (thrown) => !isGone && setError(sentence(thrown)),
    );
    return () => {
      isGone = true;
    };
  }, [when, round, load === undefined]);
  return { items, error, again: () => setRound((n) => n + 1) };
}
