import { render } from 'preact';
import { ControlPage } from './control/page.tsx';
import { takeTokenFromAddress } from './control/token.ts';
import { Link, usePath } from './kit/router.tsx';
import { Shell } from './kit/shell.tsx';
import { OrderPage } from './order/page.tsx';
import { ShopPage } from './shop/page.tsx';

function App() {
  const path = usePath();
  const [, orderId] = /^\/orders\/([^/]+)\/?$/.exec(path) ?? [];
  if (path === '/') return <ShopPage />;
  if (path === '/control') return <ControlPage />;
  if (orderId !== undefined) return <OrderPage key={orderId} id={orderId} />;
  return (
    <Shell>
      <section class="empty">
        <h1>There is nothing here</h1>
        <p>
          <Link href="/">To the shop</Link>
        </p>
      </section>
    </Shell>
  );
}

takeTokenFromAddress();
const root = document.getElementById('page');
if (root !== null) render(<App />, root);
