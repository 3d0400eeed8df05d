"""The Equal Earth projection: a country's area on the map is to another's as on the globe, which shading relies on.

B. Šavrič, T. Patterson, B. Jenny, "The Equal Earth map projection", International Journal of Geographical Information
Science 33 (2019), 454-465, https://doi.org/10.1080/13658816.2018.1504949; the polynomial and its names are theirs.
"""

from math import asin, cos, radians, sin, sqrt

A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
# The meridian in the middle. So turned, the edge of the map runs through the Bering Strait, and Russia is whole.
CENTRAL_MERIDIAN = 11


def project(longitude, latitude):
    """Degrees to (x, y) on a globe of radius 1, y upwards. The longitude counts from the middle of the map."""
    theta = asin(sqrt(3) / 2 * sin(radians(latitude)))
    sixth = theta**6
    slope = A1 + 3 * A2 * theta**2 + sixth * (7 * A3 + 9 * A4 * theta**2)
    x = 2 * sqrt(3) * radians(longitude) * cos(theta) / (3 * slope)
    return x, theta * (A1 + A2 * theta**2 + sixth * (A3 + A4 * theta**2))


def turned(longitude):
    """A longitude on the globe as counted from the middle of the map, from -180 to 180."""
    return (longitude - CENTRAL_MERIDIAN + 180) % 360 - 180
