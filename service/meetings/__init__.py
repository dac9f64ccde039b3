"""Strategy discussions: asked for, convened, held, recorded, and the actions that come of them."""
