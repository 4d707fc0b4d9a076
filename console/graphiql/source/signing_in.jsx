// The bar above GraphiQL. A token that is pasted here is held by this page alone, and is gone with it.
import { useState } from 'react';
import { headersOf, refusal } from './asking.js';

export function SigningIn({ headers, onChange }) {
  const [why, setWhy] = useState(null);

  async function submit(event) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const given = headersOf(fields.get('token'), fields.get('station'));
    const refused = await refusal(given);
    setWhy(refused);
    if (refused === null) onChange(given);
  }

  return (
    <header className="signing-in">
      <a href="/">驿站 yizhan</a>
      {headers.Authorization ? (
        <form onSubmit={(event) => (event.preventDefault(), onChange({}))}>
          <output>Signed in{headers['Yizhan-Station'] && ` for ${headers['Yizhan-Station']}`}</output>
          <button>Sign out</button>
        </form>
      ) : (
        <form onSubmit={submit}>
          <label>
            Token
            <input name="token" required autoComplete="off" spellCheck="false" placeholder="yizhan token --as NAME" />
          </label>
          <label>
            Station
            <input name="station" autoComplete="off" spellCheck="false" placeholder="the one of the token" />
          </label>
          <button>Sign in</button>
          {why === null ? <output>You see what the public sees.</output> : <span role="alert">{why}</span>}
        </form>
      )}
    </header>
  );
}
