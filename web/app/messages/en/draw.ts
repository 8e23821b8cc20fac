export const draw = {
  sheet: 'Draw here',
  keys: 'By hand, or with the keyboard: arrows move a pen, Space puts it down and lifts it.',
  place: (x: string, y: string, down: boolean) => `${x} from the left, ${y} from the top, pen ${down ? 'down' : 'up'}`,
  colour: 'Colour',
  undo: 'Undo',
  clear: 'Clear',
  size: (side: string) => `${side} × ${side} pixels`,
}
