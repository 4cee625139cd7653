"""Points on the curves of ICAO 9303-11, 9.5.1, for PACE's generic mapping.

The mapping moves the generator (s x G + H), which needs whole points and their sum; `cryptography` gives neither.
Every secret multiplied here is drawn for one card and forgotten with it, so the time that a multiplication takes tells
nothing that is of use later. The tests hold the curves and the arithmetic to `cryptography`'s.
"""

from dataclasses import dataclass
from typing import Final

from devices.card.errors import Malformed

Point = tuple[int, int] | None
"""x and y; None is the point at infinity."""

_Jacobian = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Curve:
    """y^2 = x^3 + ax + b over the integers mod p; generator of order n, cofactor 1."""

    p: int
    a: int
    b: int
    generator: tuple[int, int]
    n: int

    @property
    def size(self) -> int:
        """Bytes of a coordinate."""
        return (self.p.bit_length() + 7) // 8

    def contains(self, x: int, y: int) -> bool:
        return 0 <= x < self.p and 0 <= y < self.p and (y * y - (x * x * x + self.a * x + self.b)) % self.p == 0

    def encode(self, point: tuple[int, int]) -> bytes:
        """Uncompressed: 04, x, y."""
        return b"\x04" + b"".join(part.to_bytes(self.size, "big") for part in point)

    def decode(self, encoded: bytes) -> tuple[int, int]:
        """Raises Malformed for what is no point of this curve."""
        if len(encoded) != 1 + 2 * self.size or encoded[0] != 4:
            raise Malformed("not an uncompressed point")
        x = int.from_bytes(encoded[1 : 1 + self.size], "big")
        y = int.from_bytes(encoded[1 + self.size :], "big")
        if not self.contains(x, y):
            raise Malformed("a point beside the curve")
        return x, y

    def secret(self, point: tuple[int, int]) -> bytes:
        """The bytes of an agreed point that keys are made of: its x."""
        return point[0].to_bytes(self.size, "big")

    def multiply(self, factor: int, point: Point) -> Point:
        """factor x point."""
        if point is None:
            return None
        step: _Jacobian = (point[0], point[1], 1)
        total: _Jacobian = (1, 1, 0)
        for bit in bin(factor % self.n)[2:]:
            total = self._doubled(total)
            if bit == "1":
                total = self._sum(total, step)
        return self._affine(total)

    def add(self, left: Point, right: Point) -> Point:
        if left is None or right is None:
            return left or right
        return self._affine(self._sum((*left, 1), (*right, 1)))

    def _affine(self, point: _Jacobian) -> Point:
        x, y, z = point
        if z == 0:
            return None
        inverse = pow(z, -1, self.p)
        square = inverse * inverse % self.p
        return x * square % self.p, y * square * inverse % self.p

    def _doubled(self, point: _Jacobian) -> _Jacobian:
        x, y, z = point
        if z == 0 or y == 0:
            return 1, 1, 0
        p = self.p
        yy = y * y % p
        s = 4 * x * yy % p
        zz = z * z % p
        m = (3 * x * x + self.a * zz * zz) % p
        x3 = (m * m - 2 * s) % p
        return x3, (m * (s - x3) - 8 * yy * yy) % p, 2 * y * z % p

    def _sum(self, left: _Jacobian, right: _Jacobian) -> _Jacobian:
        x1, y1, z1 = left
        x2, y2, z2 = right
        if z1 == 0:
            return right
        if z2 == 0:
            return left
        p = self.p
        zz1, zz2 = z1 * z1 % p, z2 * z2 % p
        u1, u2 = x1 * zz2 % p, x2 * zz1 % p
        s1, s2 = y1 * zz2 * z2 % p, y2 * zz1 * z1 % p
        if u1 == u2:
            return self._doubled(left) if s1 == s2 else (1, 1, 0)
        h, r = u2 - u1, s2 - s1
        hh = h * h % p
        hhh, v = h * hh % p, u1 * hh % p
        x3 = (r * r - hhh - 2 * v) % p
        return x3, (r * (v - x3) - s1 * hhh) % p, h * z1 * z2 % p


def _curve(*numbers: str) -> Curve:
    """p, a, b, x and y of the generator, n: in hexadecimal digits."""
    p, a, b, x, y, n = (int(number, 16) for number in numbers)
    return Curve(p, a, b, (x, y), n)


STANDARD: Final = {
    12: _curve(  # NIST P-256 (secp256r1)
        "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
        "ffffffff00000001000000000000000000000000fffffffffffffffffffffffc",
        "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
        "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    ),
    13: _curve(  # brainpoolP256r1
        "a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377",
        "7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9",
        "26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6",
        "8bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262",
        "547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997",
        "a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7",
    ),
    14: _curve(  # brainpoolP320r1
        "d35e472036bc4fb7e13c785ed201e065f98fcfa6f6f40def4f92b9ec7893ec28fcd412b1f1b32e27",
        "3ee30b568fbab0f883ccebd46d3f3bb8a2a73513f5eb79da66190eb085ffa9f492f375a97d860eb4",
        "520883949dfdbc42d3ad198640688a6fe13f41349554b49acc31dccd884539816f5eb4ac8fb1f1a6",
        "43bd7e9afb53d8b85289bcc48ee5bfe6f20137d10a087eb6e7871e2a10a599c710af8d0d39e20611",
        "14fdd05545ec1cc8ab4093247f77275e0743ffed117182eaa9c77877aaac6ac7d35245d1692e8ee1",
        "d35e472036bc4fb7e13c785ed201e065f98fcfa5b68f12a32d482ec7ee8658e98691555b44c59311",
    ),
    15: _curve(  # NIST P-384 (secp384r1)
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000fffffffc",
        "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
        "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
        "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    ),
    16: _curve(  # brainpoolP384r1
        "8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec53",
        "7bc382c63d8c150c3c72080ace05afa0c2bea28e4fb22787139165efba91f90f8aa5814a503ad4eb04a8c7dd22ce2826",
        "04a8c7dd22ce28268b39b55416f0447c2fb77de107dcd2a62e880ea53eeb62d57cb4390295dbc9943ab78696fa504c11",
        "1d1c64f068cf45ffa2a63a81b7c13f6b8847a3e77ef14fe3db7fcafe0cbd10e8e826e03436d646aaef87b2e247d4af1e",
        "8abe1d7520f9c2a45cb1eb8e95cfd55262b70b29feec5864e19c054ff99129280e4646217791811142820341263c5315",
        "8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565",
    ),
    17: _curve(  # brainpoolP512r1
        "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca703308717d4d9b009bc66842aecda12ae6a380e62881ff2f"
        "2d82c68528aa6056583a48f3",
        "7830a3318b603b89e2327145ac234cc594cbdd8d3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a7"
        "2bf2c7b9e7c1ac4d77fc94ca",
        "3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94cadc083e67984050b7"
        "5ebae5dd2809bd638016f723",
        "81aee4bdd82ed9645a21322e9c4c6a9385ed9f70b5d916c1b43b62eef4d0098eff3b1f78e2d0d48d50d1687b93b97d5f7c6d5047"
        "406a5e688b352209bcb9f822",
        "7dde385d566332ecc0eabfa9cf7822fdf209f70024a57b1aa000c55b881f8111b2dcde494a5f485e5bca4bd88a2763aed1ca2b2f"
        "a8f0540678cd1e0f3ad80892",
        "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870553e5c414ca92619418661197fac10471db1d381"
        "085ddaddb58796829ca90069",
    ),
    18: _curve(  # NIST P-521 (secp521r1)
        "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
        "ffffffffffffffffffffffffffff",
        "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
        "fffffffffffffffffffffffffffc",
        "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573"
        "df883d2c34f1ef451fd46b503f00",
        "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348"
        "b3c1856a429bf97e7e31c2e5bd66",
        "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c"
        "7086a272c24088be94769fd16650",
        "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5"
        "c9b8899c47aebb6fb71e91386409",
    ),
}
"""Parameter numbers of the standardised domain parameters, table 11; smaller curves are not opened with."""
