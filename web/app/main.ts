import './style/page.css'
import './style/tokens.css'
import { addFonts } from './style/fonts.ts'
import './ddpm-app.ts'

addFonts()
