// A certified OpenID provider (npm oidc-provider) for the journeys: everybody's password is right, and their name says their groups.
// Arguments: port, host name, client's redirect address, back-channel address, address after signing out, files of certificate and key.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { Provider } from '../../../frontend/node_modules/oidc-provider/lib/index.js'

const [port, host, redirect, backchannel, signedOut, certificate, key] = process.argv.slice(2)
const issuer = `https://${host}:${port}`

// "ann+vision+admins" is Ann, of the groups vision and admins.
async function findAccount(_context, id) {
  const [name, ...groups] = id.split('+')
  const claims = async () => ({
    sub: id,
    name: name[0].toUpperCase() + name.slice(1),
    email: `${name}@good.test`,
    email_verified: true,
    groups,
  })
  return { accountId: id, claims }
}

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'tb-share',
      client_secret: 'the-secret-of-this-test',
      redirect_uris: [redirect],
      post_logout_redirect_uris: [signedOut],
      backchannel_logout_uri: backchannel,
      backchannel_logout_session_required: true,
    },
  ],
  findAccount,
  claims: { openid: ['sub'], profile: ['name', 'groups'], email: ['email', 'email_verified'] },
  conformIdTokenClaims: false,
  features: { backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true }, devInteractions: { enabled: true } },
  pkce: { required: () => true },
  cookies: { keys: ['only-for-this-test'] },
  // Its own refuses loopback addresses: that rule is for providers on the network.
  fetch: (url, { dispatcher: _dispatcher, ...options }) => fetch(url, options),
})
provider.proxy = false
const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, provider.callback())
server.listen(Number(port), host, () => console.log(`listening at ${issuer}`))
