#include "base/hash.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "unit/unit.h"

/* Key: octets 00..0f; vector n: the hash of octets 00..n-1, its octets in hex. */
#define KEY { 0x0706050403020100ull, 0x0f0e0d0c0b0a0908ull }

/* SipHash-1-3, 64 bits: the vectors of the Rust standard library. */
static const char *const vectors_1_3[64] = {
	"dcc40f055801acab", "93ca577df39bf4c9", "4dd4c74d029bcb82", "fbf7dde7b80af88b",
	"2883d388605775cf", "673b53492fd5f9de", "a7229fc5502b0dc5", "4011b19b987d92d3",
	"8e9a298d11959036", "e43d066cb38ea425", "7f09ff92ee85de79", "52c34df9c118c170",
	"a2d9b457b184a378", "a7ff29120c766f30", "345df9c011a15a60", "5699512a6dd820d3",
	"668b907d1add4fcc", "0cd8db639068f29c", "3ee673b49c38fc8f", "1c7d298de59d1ff2",
	"40e0cca6462fdcc0", "44f8452bfeab92b9", "2e8720a39b7bfe7f", "23c1e6da7f0e5a52",
	"8c9c3467b2ae64f4", "79095b702859cd45", "a51399cae3353e3a", "353bde4a4ec71da9",
	"0dd06cef02ed0bfb", "f4e1b14ab43cd988", "63e6c543d6110f54", "bcd1218c1fdd7023",
	"0db6a7166c7b1581", "bff98f7ae5b9544d", "3e752a1f78129f75", "916b18bfbea3a1ce",
	"0662a2add308f52c", "5730c3a32d1c10b6", "a1363aae9674f4b3", "9283107b54576b62",
	"3115e4993236d2c1", "44d91a3f92c17c66", "258813c8fe4f7065", "a64989c2d180f224",
	"6b87f8faed1ccac2", "9621049ffc4b16c2", "23d6b168939c6ea1", "fd14518b9c16fb49",
	"464c07dff843319f", "b386cc1224affdc6", "8f09520ad149af7e", "9a2f299d5513f31c",
	"121ff4a2dd304ac4", "d01ea74389e9fa36", "e6bcf0734cb38f31", "80e9a77036bf7aa2",
	"756d3c24dbc0bcb4", "1315b7fd52d8f823", "088a7da64d5f038f", "48f1e8b7e5d09cd8",
	"ee44a6f7bce6f4f6", "f237180fd89ac5ae", "e094664b15f6b2c3", "a8b3bbb76290199d",
};

/* SipHash-2-4, 128 bits: the vectors of the reference implementation. */
static const char *const vectors_2_4_128[64] = {
	"a3817f04ba25a8e66df67214c7550293", "da87c1d86b99af44347659119b22fc45",
	"8177228da4a45dc7fca38bdef60affe4", "9c70b60c5267a94e5f33b6b02985ed51",
	"f88164c12d9c8faf7d0f6e7c7bcd5579", "1368875980776f8854527a07690e9627",
	"14eeca338b208613485ea0308fd7a15e", "a1f1ebbed8dbc153c0b84aa61ff08239",
	"3b62a9ba6258f5610f83e264f31497b4", "264499060ad9baabc47f8b02bb6d71ed",
	"00110dc378146956c95447d3f3d0fbba", "0151c568386b6677a2b4dc6f81e5dc18",
	"d626b266905ef35882634df68532c125", "9869e247e9c08b10d029934fc4b952f7",
	"31fcefac66d7de9c7ec7485fe4494902", "5493e99933b0a8117e08ec0f97cfc3d9",
	"6ee2a4ca67b054bbfd3315bf85230577", "473d06e8738db89854c066c47ae47740",
	"a426e5e423bf4885294da481feaef723", "78017731cf65fab074d5208952512eb1",
	"9e25fc833f2290733e9344a5e83839eb", "568e495abe525a218a2214cd3e071d12",
	"4a29b54552d16b9a469c10528eff0aae", "c9d184ddd5a9f5e0cf8ce29a9abf691c",
	"2db479ae78bd50d8882a8a178a6132ad", "8ece5f042d5e447b5051b9eacb8d8f6f",
	"9c0b53b4b3c307e87eaee08678141f66", "abf248af69a6eae4bfd3eb2f129eeb94",
	"0664da1668574b88b935f3027358aef4", "aa4b9dc4bf337de90cd4fd3c467c6ab7",
	"ea5c7f471faf6bde2b1ad7d4686d2287", "2939b0183223fafc1723de4f52c43d35",
	"7c3956ca5eeafc3e363e9d556546eb68", "77c6077146f01c32b6b69d5f4ea9ffcf",
	"37a6986cb8847edf0925f0f1309b54de", "a705f0e69da9a8f907241a2e923c8cc8",
	"3dc47d1f29c448461e9e76ed904f6711", "0d62bf01e6fc0e1a0d3c4751c5d3692b",
	"8c03468bca7c669ee4fd5e084bbee7b5", "528a5bb93baf2c9c4473cce5d0d22bd9",
	"df6a301e95c95dad97ae0cc8c6913bd8", "801189902c857f39e73591285e70b6db",
	"e617346ac9c231bb3650ae34ccca0c5b", "27d93437efb721aa401821dcec5adf89",
	"89237d9ded9c5e78d8b1c9b166cc7342", "4a6d8091bf5e7d651189fa94a250b14c",
	"0e33f96055e7ae893ffc0e3dcf492902", "e61c432b720b19d18ec8d84bdc63151b",
	"f7e5aef549f782cf379055a608269b16", "438d030fd0b7a54fa837f2ad201a6403",
	"a590d3ee4fbf04e3247e0d27f286423f", "5fe2c1a172fe93c4b15cd37caef9f538",
	"2c97325cbd06b36eb2133dd08b3a017c", "92c814227a6bca949ff0659f002ad39e",
	"dce850110bd8328cfbd50841d6911d87", "67f14984c7da791248e32bb5922583da",
	"1938f2cf72d54ee97e94166fa91d2a36", "74481e9646ed49fe0f6224301604698e",
	"57fca5de98a9d6d8006438d0583d8a1d", "9fecde1cefdc1cbed4763674d9575359",
	"e3040c00eb28f15366ca73cbd872e740", "7697009a6a831dfecca91c5993670f7a",
	"5853542321f567a005d547a4f04759bd", "5150d1772f50834a503e069a973fbd7c",
};

static void
print_u64(uint64_t v, char *out)
{
	for (unsigned i = 0; i < 8; i++)
		sprintf(out + 2 * i, "%02x", (unsigned)(v >> 8 * i & 0xff));
}

static void
siphash_1_3_gives_the_published_vectors(void **state)
{
	const struct hash_key key = KEY;
	uint8_t in[64];
	char got[17];

	(void)state;
	for (unsigned n = 0; n < 64; n++) {
		print_u64(hash_keyed(&key, in, n), got);
		assert_string_equal(got, vectors_1_3[n]);
		in[n] = (uint8_t)n;
	}
}

static void
siphash_2_4_gives_the_published_vectors(void **state)
{
	static const struct {
		unsigned len;
		uint64_t want;
	} rows[] = {
		{ 0, 0x726fdb47dd0e0e31 }, { 1, 0x74f839c593dc67fd }, { 15, 0xa129ca6149be45e5 },
		{ 63, 0x958a324ceb064572 },
	};
	const struct hash_key key = KEY;
	uint8_t in[64];

	(void)state;
	for (unsigned i = 0; i < 64; i++)
		in[i] = (uint8_t)i;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		assert_true(hash_keyed_strong(&key, in, rows[i].len) == rows[i].want);
}

static void
digests_give_the_published_vectors(void **state)
{
	uint8_t in[64];
	char got[33];

	(void)state;
	for (unsigned n = 0; n < 64; n++) {
		struct digest digest = digest_bytes(in, n);

		print_u64(digest.lo, got);
		print_u64(digest.hi, got + 16);
		assert_string_equal(got, vectors_2_4_128[n]);
		in[n] = (uint8_t)n;
	}
}

static void
the_place_in_memory_does_not_matter(void **state)
{
	const struct hash_key key = KEY;
	uint8_t in[64 + 8];

	(void)state;
	for (unsigned shift = 0; shift < 8; shift++) {
		for (unsigned i = 0; i < 64; i++)
			in[shift + i] = (uint8_t)i;
		for (unsigned n = 0; n < 64; n++) {
			char got[17];

			print_u64(hash_keyed(&key, in + shift, n), got);
			assert_string_equal(got, vectors_1_3[n]);
		}
	}
}

static void
another_key_gives_another_hash(void **state)
{
	const struct hash_key a = { 1, 2 }, b = { 1, 3 }, c = { 2, 2 };

	(void)state;
	assert_true(hash_keyed(&a, "corp", 4) != hash_keyed(&b, "corp", 4));
	assert_true(hash_keyed(&a, "corp", 4) != hash_keyed(&c, "corp", 4));
}

static void
folding_heeds_the_order(void **state)
{
	struct digest a = digest_bytes("a", 1), b = digest_bytes("b", 1);
	struct digest ab = digest_fold(a, b), ba = digest_fold(b, a);

	(void)state;
	assert_true(digest_equal(ab, digest_fold(a, b)));
	assert_false(digest_equal(ab, ba));
	assert_false(digest_equal(ab, a));
	assert_false(digest_equal((struct digest){ 1, 2 }, (struct digest){ 1, 3 }));
	assert_false(digest_equal((struct digest){ 1, 2 }, (struct digest){ 3, 2 }));
}

static void
folding_is_the_digest_of_both_little_endian(void **state)
{
	struct digest a = { 0x0706050403020100ull, 0x0f0e0d0c0b0a0908ull };
	struct digest b = { 0x1716151413121110ull, 0x1f1e1d1c1b1a1918ull };
	struct digest both = digest_fold(a, b);
	char got[33];

	(void)state;
	print_u64(both.lo, got);
	print_u64(both.hi, got + 16);
	assert_string_equal(got, vectors_2_4_128[32]);
}

/* The snapshot's files hold these: they must never change, on no machine. */
static void
the_mixer_is_the_same_on_every_machine(void **state)
{
	(void)state;
	assert_true(hash_mix(0, 0) == 0xc9d874ca57d9e055ull);
	assert_true(hash_mix(1, 2) == 0xa7217502fe661ff9ull);
	assert_true(hash_mix(0xffffffffffffffffull, 1) == 0xe0e34b05c9a3e2c9ull);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(siphash_1_3_gives_the_published_vectors),
		cmocka_unit_test(siphash_2_4_gives_the_published_vectors),
		cmocka_unit_test(digests_give_the_published_vectors),
		cmocka_unit_test(the_place_in_memory_does_not_matter),
		cmocka_unit_test(another_key_gives_another_hash),
		cmocka_unit_test(folding_heeds_the_order),
		cmocka_unit_test(folding_is_the_digest_of_both_little_endian),
		cmocka_unit_test(the_mixer_is_the_same_on_every_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
