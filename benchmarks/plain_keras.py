"""What one picture takes a person who opens an exported model in plain Keras: the baseline of `first_prediction.py`.

python benchmarks/plain_keras.py MODEL.keras PICTURE
"""

import sys

import keras
import numpy as np

model = keras.saving.load_model(sys.argv[1], compile=False)
size = model.input_shape[1]
picture = keras.utils.img_to_array(keras.utils.load_img(sys.argv[2], target_size=(size, size)))
print(model.predict(picture[np.newaxis], verbose=0)[0])
