// The entry of a worker: one engine, served on the worker's own port.

import { serve, type HostPort } from './host.ts'

serve(self as unknown as HostPort)
