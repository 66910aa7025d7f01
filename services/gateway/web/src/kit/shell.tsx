import type { ComponentChildren } from 'preact';
import { Link } from './router.tsx';

interface ShellProps {
  /** What stands at the right of the header. */
  aside?: ComponentChildren;
  children: ComponentChildren;
}

/** What all screens have around them. */
export function Shell({ aside, children }: ShellProps) {
  return (
    <>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header class="top">
        <Link href="/" class="brand" aria-label="Doorbuster, the shop">
          <Mark />
          <span>Doorbuster</span>
        </Link>
        <nav aria-label="Screens">
          <Link href="/">Shop</Link>
          <Link href="/control">Control room</Link>
          <a href="/docs">API</a>
        </nav>
        <div class="top-aside">{aside}</div>
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

const Mark = () => (
  <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
    <rect width="32" height="32" rx="8" fill="var(--accent)" />
    <path d="M10 25V8.5L19 6v20z" fill="var(--on-accent)" />
    <path d="M21 9h2v16h-2" fill="var(--on-accent)" opacity=".55" />
    <circle cx="16.4" cy="16.4" r="1.3" fill="var(--accent)" />
  </svg>
);
