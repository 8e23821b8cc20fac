// The entry of a worker: one engine, served on the worker's own port.

import { serve } from './host.ts'

serve(self)
