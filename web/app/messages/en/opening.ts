export const opening = {
  label: 'Where diffusion stands',
  say: 'A model that makes pictures has to get from numbers drawn by chance to something that looks real. Four ways are well known.',
  models: {
    gan: {
      name: 'GAN',
      says: 'One leap, judged by a second network that it must fool. Sharp and quick, but training is a contest that may not settle, and there is no likelihood.',
      drawn: 'A few random numbers become a picture in one step; a judge asks whether it is real.',
    },
    vae: {
      name: 'Variational autoencoder',
      says: 'One leap to a short code and one back. Trained on a lower bound of the likelihood; what the code cannot hold comes out soft.',
      drawn: 'A picture becomes a short code, and the code a softer picture.',
    },
    autoregressive: {
      name: 'Autoregressive',
      says: 'Pixel after pixel, each given all before it. The likelihood is exact; drawing takes as many steps as there are pixels.',
      drawn: 'A picture at three times while it is written pixel after pixel.',
    },
    diffusion: {
      name: 'Diffusion',
      says: 'Many small steps. The way into noise is fixed, so that each step back is a plain regression, and together they bound the likelihood.',
      drawn: 'Noise, two pictures between, and a picture, with an arrow each way.',
    },
  },
}
