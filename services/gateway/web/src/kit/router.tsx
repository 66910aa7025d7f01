import type { ComponentProps } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const moved = 'doorbuster:moved';

/** Goes to another screen without loading the page again. */
export function go(path: string): void {
  history.pushState(null, '', path);
  scrollTo(0, 0);
  dispatchEvent(new Event(moved));
}

/** The path of the address, as it changes. */
export function usePath(): string {
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const update = () => setPath(location.pathname);
    addEventListener('popstate', update);
    addEventListener(moved, update);
    return () => {
      removeEventListener('popstate', update);
      removeEventListener(moved, update);
    };
  }, []);
  return path;
}

type LinkProps = ComponentProps<'a'> & { href: string };

/** A link within the page; with a modifier key it opens a tab like any other. */
export function Link({ href, ...rest }: LinkProps) {
  const onClick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(href);
  };
  return <a href={href} onClick={onClick} aria-current={usePath() === href ? 'page' : undefined} {...rest} />;
}
