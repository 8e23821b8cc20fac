import './style/page.css'
import './style/tokens.css'
import './style/fonts.ts'
import './ddpm-app.ts'
