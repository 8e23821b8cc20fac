import './style/tokens.css'
import './ddpm-app.ts'
