// The page: who asks, above, and GraphiQL below.
import './workers.js';
import './style.js';
import { GraphiQL } from 'graphiql';
import { useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { fetcherFor } from './asking.js';
import { FIRST_QUERY } from './first_query.js';
import { SigningIn } from './signing_in.jsx';
import { withoutHeaders } from './storage.js';

const storage = withoutHeaders(window.localStorage);

function Page() {
  const [headers, setHeaders] = useState({});
  const fetcher = useMemo(() => fetcherFor(headers), [headers]);
  return (
    <>
      <SigningIn headers={headers} onChange={setHeaders} />
      <main>
        <GraphiQL
          fetcher={fetcher}
          storage={storage}
          defaultQuery={FIRST_QUERY}
          defaultEditorToolsVisibility={false}
          shouldPersistHeaders={false}
          showPersistHeadersSettings={false}
        />
      </main>
    </>
  );
}

createRoot(document.getElementById('root')).render(<Page />);
