// Checks the access tokens that come on standard input, one a line. `verify.ts` is what the demo app of Gatehouse shows.
import { createInterface } from 'node:readline'
import { verify } from './verify.js'

for await (const token of createInterface({ input: process.stdin })) {
  try {
    const claims = await verify(token)
    console.log(`good ${claims.sub} ${claims.permissions.join(',')}`)
  } catch (error) {
    console.log(`bad ${error.message}`)
  }
}
