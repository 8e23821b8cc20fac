import './style/page.css'
import './style/tokens.css'
import './style/fonts.ts'
import './ddpm-app.ts'
import { keepForOffline } from './offline.ts'

// Once the room that is shown has fetched what it needs, if that is soon.
addEventListener('load', () => setTimeout(() => void keepForOffline(import.meta.url), 8000))
