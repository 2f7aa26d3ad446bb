// A certified OpenID provider on 127.0.0.1, whose keys exist only as long as the process. See README.md.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import process from "node:process";

import Provider from "oidc-provider";

const { PORT = "0", CERTIFICATE, CERTIFICATE_KEY, CLIENT_SECRET } = process.env;
const SIGNATURES = ["RS256", "PS256", "ES256", "EdDSA"];
const SCOPES = "orders:read orders:write";
const CALLBACK = "https://client.example.com/callback"; // nobody follows it: the code is read off the redirect

const GROUPS = { jane: ["readers", "admins"], joe: ["readers"] };

// RFC 8707: what a client names as `resource`. The audience is what the API checks.
const RESOURCES = {
  ...Object.fromEntries(
    SIGNATURES.map((alg) => [
      `https://orders.example.com/${alg}`,
      { audience: "orders-api", accessTokenFormat: "jwt", jwt: { sign: { alg } } },
    ]),
  ),
  "https://orders.example.com/opaque": { audience: "orders-api", accessTokenFormat: "opaque" },
  "https://billing.example.com/": { audience: "billing-api", accessTokenFormat: "jwt" },
};

const key = (type, options) => generateKeyPairSync(type, options).privateKey.export({ format: "jwk" });

const configuration = {
  jwks: {
    keys: [key("rsa", { modulusLength: 2048 }), key("ec", { namedCurve: "P-256" }), key("ed25519")],
  },
  cookies: { keys: [randomBytes(32).toString("hex")] },
  clients: [
    {
      client_id: "machine",
      client_secret: CLIENT_SECRET,
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
    },
    {
      client_id: "browser",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code"],
      redirect_uris: [CALLBACK],
      response_types: ["code"],
    },
  ],
  scopes: ["openid", "email"],
  claims: { openid: ["sub"], email: ["email"] },
  conformIdTokenClaims: false, // so that the ID token has the e-mail address, as most providers' do
  features: {
    devInteractions: { enabled: true }, // a page that signs in whoever is named
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: (_, resource) => ({ scope: SCOPES, ...RESOURCES[resource] }),
    },
  },
  findAccount: (_, id) =>
    GROUPS[id] && { accountId: id, claims: () => ({ sub: id, email: `${id}@example.com` }) },
  extraTokenClaims: (_, token) => (token.accountId ? { groups: GROUPS[token.accountId] } : undefined),
  ttl: { AccessToken: 3600, ClientCredentials: 3600, IdToken: 3600, Interaction: 600, Session: 600, Grant: 600 },
};

const server = createServer({ cert: readFileSync(CERTIFICATE), key: readFileSync(CERTIFICATE_KEY) });
server.listen(Number(PORT), "127.0.0.1", () => {
  const issuer = `https://localhost:${server.address().port}`;
  server.on("request", ({ method, url }) => console.log(`request ${method} ${url.split("?")[0]}`));
  server.on("request", new Provider(issuer, configuration).callback());
  console.log(`issuer ${issuer}`);
});
process.stdin.resume().on("end", () => process.exit()); // whoever started it has gone
