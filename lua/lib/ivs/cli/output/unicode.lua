-- Unicode 14.0.0, as Debian's Python has it; written by tests/cli_output/unicode_tables.py, read by characters.lua.
return {
  wide = [[
4h 1 2 1 2 2 1 1 2 2 1 5 1 5 1 4 6 1 9 1 6 2 5 4 4 1 1 3 1 2 2 1 1 2 3 4 1 1 1 1 2 1 f 1 1 1 7 1 a
2 3 1 5 3 4 1 6 4 1 1 3 4 1 1 4 2 i 2 3 1 2q 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 38 1 f 1 2q 1 2 1 1 3 1
1 2 1 7 4 1 1 1 1 w 34 8 2 6 4 7 1 1 1 3 p 7 h 1 7 1j 1 e 1s 1 1 66 1 12 2 1e 2 3 1 1j 8 r 4 6 b
7i 1 1o 2 2t e 1n 2 1d 2 f 1 s 2 1 1 b 5 v 1 2 6 6k 1 8 2 2 2 m 1 7 1 1 3 4 2 9 2 2 2 4 8 1 4 2 1
5 2 p 2 3 1 6 4 2 2 m 1 7 1 2 1 2 1 2 2 1 1 5 4 2 2 3 3 1 7 4 1 1 7 h a 3 1 9 1 3 1 m 1 7 1 2 1 5
2 a 1 3 1 3 2 1 f 4 2 c 7 7 1 3 1 8 2 2 2 m 1 7 1 2 1 5 2 9 2 2 2 3 7 3 4 2 1 5 2 i a 2 1 6 3 3 1
4 3 2 1 1 1 2 3 2 3 3 3 c 4 5 3 3 1 4 2 1 6 1 e l 5 d 1 3 1 n 1 g 2 9 1 3 1 4 7 2 1 3 2 1 2 4 2 a
7 m 1 3 1 n 1 a 1 5 2 9 1 3 1 4 7 2 6 2 1 4 2 a 1 2 d d 1 3 1 1f 1 3 1 6 4 g 2 q 1 3 1 i 3 o 1 9 1
1 2 7 3 1 4 6 1 1 1 8 6 a 2 3 c 1m 4 t 11 2 1 1 1 5 1 o 1 1 1 n 2 5 1 1 1 6 2 a 2 4 w 20 1 10 4 13
1 10 1 f 1 d 11 5i 1 1 5 1 2 1c 2o 6h 1 4 2 7 1 1 1 4 2 15 1 4 2 x 1 4 2 7 1 1 1 4 2 f 1 1l 1 4 2
1v 2 w 3 q 6 2e 2 6 2 il 3 2h 7 m 9 o 9 k c d 1 3 1 2 c 2m 2 a 6 a 6 q 6 2h 7 17 5 1y a v 1 c 4 c
4 1 3 16 2 5 b 18 4 q 6 b 3 1q 2 1t 1 t 2 b 6 a 6 e 2 v 1d 25 3 1b 1 38 8 1o 3 f 3 1o 7 17 2 b 8
17 5 eu 2 6 2 12 2 6 2 8 1 1 1 1 1 1 1 v 2 1h 1 f 1 e 2 6 1 j 2 3 1 9 1 g 1 2 4 1 2 2 2 2 3 1 4 8
1 1 2 1 1 5 1 2 1 12 1 c 3 a 1 1 4 a 1 d 3 c 1 k f x f 3 1 1 1 3 1 9 1 2 1 a 2 3 1 4 1 13 2 6 4 1
c 4 a f 1 2 e u 2 o 1 1 1 i 1 o 1 1 2 3 2 2 1 3 1 1 1 3 1 4 1 2 4 2 1 1 1 1 6 1 1 5 4 4 2 a 1 3 1
5 1 d 2 2 4 2 2 2 2 i 2 2 2 d 1 3 1 b 1 p 1 2a 1 7 2 d 2 5a 4 3 1 2 1 1f p b 4f 1 2p 4 10 c g 2 4
a 2 1 7 8 2 2 2 4 2 2 2 4 3 2 1 2 4 g 4 9 1 d 2 6 2 2 1 4 2 4 2 6 1 1 1 x 1 1 1 5 c c 2 1 3 1 4 1
2 1 1 f 1 j 1 a 2 1 1 8 2 h 3 4 u 1 1 4 o 5 1 4 2 s 1 k 1 e 1 1 1 4 3 1 1 u a l 3 o 1 e 1 nv 2 1f
1 4 5 q 2 w 1 9p 5 19 1 1 5 1 2 1k 7 2 e o 9 7 1 7 1 7 1 7 1 7 1 7 1 7 1 7 1 3i dd 1 5ts 1s h5c 9o
k 54 8 5n 5 2 1 1 1 5 o 1n 3 a 6 1k 8 1y 8 c 6 38 b 1 w 26 1 b 4 x 1 1j 9 e 2 a 2 2v o s a 6 2 6 2
6 9 7 1 7 1 1o 4 3i 2 a 8mu n 4 1d 4 1kw 5c0 7 c 5 5 q 1 5 1 1 1 2 1 2 1 3h g cd 2 1i 7 1 w g w g
1s 5 1 3r 2 1 2p 2m 3 6 2 6 2 6 2 3 b 7 a 4 3 c 1 q 1 j 1 2 1 f 2 e y 3f 5 3 4 19 3 2g 1 d 3 1 1b
1a 3m t 3 1d f s 4 10 9 u 5 17 5 u 1 11 4 e 16 4e 2 a 6 10 4 10 4 14 8 1g b c 1 f 1 7 1 2 1 b 1 f
1 7 1 2 1v 8n 9 m a 8 o 6 1 16 1 9 1x 6 2 1 1 18 1 2 3 1 2 n 1 20 8 9 1c j 1 2 5 x 3 r 5 1 1s 1k 4
k 2 1e 1 2 5 8 1 3 1 t 2 3 4 a 7 9 7 1s w 13 4 c 9 1i 3 t 2 r 5 q 7 4 c 7 28 21 1j 1f d 1f 7 1a 8
a 86 v 1 16 1 3 2 2 26 14 8 16 m q 12 s k n 9 26 4 10 9 1w a 1 2 p 7 a 6 1h 1 i 8 13 9 2o 1 k b i
1 18 1t 7 1 1 1 4 1 f 1 b 6 1n 5 a 6 4 1 8 2 2 2 m 1 7 1 2 1 5 1 a 2 2 2 3 2 1 6 1 5 7 2 7 3 5 3v
2k 1 5 u 20 8 a 4m 1i 2 12 y 1x b a 6 d j 1m 6 a 1i r 2 f 4 n 55 1o 2s 2b c 8 2 1 2 8 1 2 1 u 1 2
2 c 9 a 1y 8 2 1a 2 b r 20 8 2b d 21 7b 9 1 19 1 e a t 3 w 2 m 1 e 21 7 1 2 1 18 3 1 1 2 1 9 8 a 6
6 1 2 1 11 1 2 1 6 7 a 8m p 53 1 f 1e d pn 2u 33 1 5 b 5g 218 2r d tr 1 9 347 g7 6nt ft 7 v 1 a 4
29 1 a 6 u 2 6 a 1y a a 1 7 1 l 5 j j4 2j 2t 23 4 1l 7 h f34 2z 5 d 3 9 7 a 2 8 3mk 1a 2 n 9 38 1o
6u a 13 2 5e l 1y 4a k c 2f 9 p 3r 2d 1 1z 1 2 2 1 2 2 2 4 1 c 1 1 1 7 1 1t 1 4 2 8 1 7 1 s 1 4 1
5 1 1 3 7 1 9g 2 84 2 ji f 5 1 f uo v 69 7 1 h 2 7 1 2 1 5 5x 19 3 e 2 a 4 2 8w v h 1m 5 1 yo 7 1
4 1 2 1 f 1 5h 2 g 15 24 4 a 4 2 lt 1w 24 1p 5e 4 1 r 1 2 1 1 2 1 1 a 1 4 1 1 1 1 6 1 4 1 1 1 1 1
1 3 1 2 1 1 2 1 1 1 1 1 1 1 1 1 1 2 1 1 2 4 1 7 1 4 1 4 1 1 1 a 1 h 5 3 1 5 1 h 1g 2 7i 4 1 13 4
2s c f 2 f 1 e 2 11 l 5 u 2 1m 6 1p 1 1k q 81 c 9 1 1y 1 m c 17 4 5 c h 3 1 3 1z 1 1 1 57 2 1r d 4
1 o i 1 q 2 d 1 2e 2d 1c 1y 6 1 3 3 2 b b 5 4 c 38 c 2h 13 c 4 1k 8 a 6 14 8 u 2 2 26 c 1b 1 a 1
55 2c c e 42 43 1 1j 11 a gvlz 1 u 2o
]],
  unprintable = [[
0 w 2n y c 1 ju 2 6 4 7 1 1 1 k 1 b1 1 12 2 1e 2 3 1 1j 8 r 4 6 h m 1 5c 1 1c 2 1n 2 2t e 1n 2 1d
2 f 1 s 2 1 1 b 5 v 9 22 1 4h 1 8 2 2 2 m 1 7 1 1 3 4 2 9 2 2 2 4 8 1 4 2 1 5 2 p 2 3 1 6 4 2 2 m
1 7 1 2 1 2 1 2 2 1 1 5 4 2 2 3 3 1 7 4 1 1 7 h a 3 1 9 1 3 1 m 1 7 1 2 1 5 2 a 1 3 1 3 2 1 f 4 2
c 7 7 1 3 1 8 2 2 2 m 1 7 1 2 1 5 2 9 2 2 2 3 7 3 4 2 1 5 2 i a 2 1 6 3 3 1 4 3 2 1 1 1 2 3 2 3 3
3 c 4 5 3 3 1 4 2 1 6 1 e l 5 d 1 3 1 n 1 g 2 9 1 3 1 4 7 2 1 3 2 1 2 4 2 a 7 m 1 3 1 n 1 a 1 5 2
9 1 3 1 4 7 2 6 2 1 4 2 a 1 2 d d 1 3 1 1f 1 3 1 6 4 g 2 q 1 3 1 i 3 o 1 9 1 1 2 7 3 1 4 6 1 1 1 8
6 a 2 3 c 1m 4 t 11 2 1 1 1 5 1 o 1 1 1 n 2 5 1 1 1 6 2 a 2 4 w 20 1 10 4 13 1 10 1 f 1 d 11 5i 1
1 5 1 2 ah 1 4 2 7 1 1 1 4 2 15 1 4 2 x 1 4 2 7 1 1 1 4 2 f 1 1l 1 4 2 1v 2 w 3 q 6 2e 2 6 2 hs 1
s 3 2h 7 m 9 o 9 k c d 1 3 1 2 c 2m 2 a 6 a 6 e 1 b 6 2h 7 17 5 1y a v 1 c 4 c 4 1 3 16 2 5 b 18 4
q 6 b 3 1q 2 1t 1 t 2 b 6 a 6 e 2 v 1d 25 3 1b 1 38 8 1o 3 f 3 1o 7 17 2 b 8 17 5 eu 2 6 2 12 2 6
2 8 1 1 1 1 1 1 1 v 2 1h 1 f 1 e 2 6 1 j 2 3 1 9 h o 8 1b h 2 2 r 1 d 3 x f x f 3w 4 if p b l 1ec
2 w 1 9p 5 19 1 1 5 1 2 1k 7 2 e o 9 7 1 7 1 7 1 7 1 7 1 7 1 7 1 7 1 3i y q 1 2h c 5y q c 5 1r 1
2e 2 2v 5 17 1 2m 1 2c c 1b 1 mlp 3 1j 9 9o k 54 8 5n 5 2 1 1 1 5 o 1n 3 a 6 1k 8 1y 8 c 6 38 b u
3 26 1 b 4 x 1 1j 9 e 2 a 2 2v o s a 6 2 6 2 6 9 7 1 7 1 1o 4 3i 2 a 6 8mc c n 4 1d 6is a6 2 2y 12
7 c 5 5 q 1 5 1 1 1 2 1 2 1 3h g cd 2 1i 7 1 w 16 6 1f 1 j 1 4 4 5 1 3r 4 5a 3 6 2 6 2 6 2 3 3 7 1
7 d 2 2 c 1 q 1 j 1 2 1 f 2 e y 3f 5 3 4 19 3 2g 1 d 3 1 1b 1a 3m t 3 1d f s 4 10 9 u 5 17 5 u 1
11 4 e 16 4e 2 a 6 10 4 10 4 14 8 1g b c 1 f 1 7 1 2 1 b 1 f 1 7 1 2 1v 8n 9 m a 8 o 6 1 16 1 9 1x
6 2 1 1 18 1 2 3 1 2 n 1 20 8 9 1c j 1 2 5 x 3 r 5 1 1s 1k 4 k 2 1e 1 2 5 8 1 3 1 t 2 3 4 a 7 9 7
1s w 13 4 c 9 1i 3 t 2 r 5 q 7 4 c 7 28 21 1j 1f d 1f 7 1a 8 a 86 v 1 16 1 3 2 2 26 14 8 16 m q 12
s k n 9 26 4 10 9 1q 1 5 d p 7 a 6 1h 1 i 8 13 9 2o 1 k b i 1 18 1t 7 1 1 1 4 1 f 1 b 6 1n 5 a 6 4
1 8 2 2 2 m 1 7 1 2 1 5 1 a 2 2 2 3 2 1 6 1 5 7 2 7 3 5 3v 2k 1 5 u 20 8 a 4m 1i 2 12 y 1x b a 6 d
j 1m 6 a 1i r 2 f 4 n 55 1o 2s 2b c 8 2 1 2 8 1 2 1 u 1 2 2 c 9 a 1y 8 2 1a 2 b r 20 8 2b d 21 7b
9 1 19 1 e a t 3 w 2 m 1 e 21 7 1 2 1 18 3 1 1 2 1 9 8 a 6 6 1 2 1 11 1 2 1 6 7 a 8m p 53 1 f 1e d
pn 2u 33 1 5 b 5g 218 2r d tr 34h g7 6nt ft 7 v 1 a 4 29 1 a 6 u 2 6 a 1y a a 1 7 1 l 5 j j4 2j 2t
23 4 1l 7 h 1s 5 b 2 e 4qg 8 ye 16 9 6w7 4 1 7 1 2 1 83 19 3 h 4 8 b0 1s4 2z 5 d 3 9 7 a 2 4 3mo
1a 2 n 9 38 1o 6u a 13 2 22 8 34 l 1y 4a k c 2f 9 p 3r 2d 1 1z 1 2 2 1 2 2 2 4 1 c 1 1 1 7 1 1t 1
4 2 8 1 7 1 s 1 4 1 5 1 1 3 7 1 9g 2 84 2 ji f 5 1 f uo v 69 7 1 h 2 7 1 2 1 5 5x 19 3 e 2 a 4 2
8w v h 1m 5 1 yo 7 1 4 1 2 1 f 1 5h 2 g 15 24 4 a 4 2 lt 1w 24 1p 5e 4 1 r 1 2 1 1 2 1 1 a 1 4 1 1
1 1 6 1 4 1 1 1 1 1 1 3 1 2 1 1 2 1 1 1 1 1 1 1 1 1 1 2 1 1 2 4 1 7 1 4 1 4 1 1 1 a 1 h 5 3 1 5 1
h 1g 2 7i 18 4 2s c f 2 f 1 f 1 11 a 4u 1k t d 18 4 9 7 2 e 6 4a rc 5 g 3 d 3 38 c 2h 7 c 4 1 f c
4 1k 8 a 6 14 8 u 2 2 26 9g c e 2 5 3 5 3 7 9 t 3 b 5 6 a a 6 8 8 7 9 43 1 1j 11 a sm wyo w 37d 7
66 2 4g2 e 5rl 2e7 f2 15u 3t7 fcmt 6o
]],
  upper_runs = [[
51 51 1 kn 68 6u 1 -w 6w 72 1 -w 73 73 1 3d 75 8f 2 -1 8h 8h 1 -6g 8j 8n 2 -1 8q 94 2 -1 97 af 2
-1 ai am 2 -1 an an 1 -8c ao ao 1 5f ar at 2 -1 aw aw 1 -1 b0 b0 1 -1 b6 b6 1 -1 b9 b9 1 2p bd bd
1 -1 be be 1 4j bi bi 1 3m bl bp 2 -1 bs bs 1 -1 bx bx 1 -1 c0 c0 1 -1 c4 c6 2 -1 c9 c9 1 -1 cd cd
1 -1 cf cf 1 1k cl cl 1 -1 cm cm 1 -2 co co 1 -1 cp cp 1 -2 cr cr 1 -1 cs cs 1 -2 cu d8 2 -1 d9 d9
1 -27 db dr 2 -1 du du 1 -1 dv dv 1 -2 dx dx 1 -1 e1 f3 2 -1 f7 fn 2 -1 fw fw 1 -1 fz g0 1 8cf g2
g2 1 -1 g7 gf 2 -1 gg gg 1 8bj gh gh 1 8bg gi gi 1 8bi gj gj 1 -5u gk gk 1 -5q gm gn 1 -5p gp gp 1
-5m gr gr 1 -5n gs gs 1 wnj gw gw 1 -5p gx gx 1 wnf gz gz 1 -5r h1 h1 1 wmg h2 h2 1 wn8 h4 h4 1
-5t h5 h5 1 -5v h6 h6 1 wn8 h7 h7 1 8af h8 h8 1 wn5 hb hb 1 -5v hd hd 1 8al he he 1 -5x hh hh 1
-5y hp hp 1 89z hs hs 1 -62 hu hu 1 wn7 hv hv 1 -62 hz hz 1 wmi i0 i0 1 -62 i1 i1 1 -1x i2 i3 1
-61 i4 i4 1 -1z ia ia 1 -63 il il 1 wlx im im 1 wlu n9 n9 1 2c oh oj 2 -1 on on 1 -1 or ot 1 3m q4
q4 1 -12 q5 q7 1 -11 q9 qp 1 -w qq qq 1 -v qr qz 1 -w r0 r0 1 -1s r1 r2 1 -1r r4 r4 1 -1q r5 r5 1
-1l r9 r9 1 -1b ra ra 1 -1i rb rb 1 -8 rd rz 2 -1 s0 s0 1 -2e s1 s1 1 -28 s2 s2 1 7 s3 s3 1 -38 s5
s5 1 -2o s8 s8 1 -1 sb sb 1 -1 ts un 1 -w uo v3 1 -28 v5 w1 2 -1 wb xr 2 -1 xu y6 2 -1 y7 y7 1 -f
y9 10v 2 -1 129 13a 1 -1c 3bk 3cq 1 2bk 3ct 3cv 1 2bk 3y0 3y5 1 -8 5mo 5mo 1 -4tq 5mp 5mp 1 -4tp
5mq 5mq 1 -4tg 5mr 5ms 1 -4te 5mt 5mt 1 -4tf 5mu 5mu 1 -4t8 5mv 5mv 1 -4rp 5mw 5mw 1 r7m 5tl 5tl 1
r9g 5tp 5tp 1 2xy 5u6 5u6 1 raw 5xd 61h 2 -1 61n 61n 1 -1n 61t 64f 2 -1 64g 64n 1 8 64w 651 1 8
65c 65j 1 8 65s 65z 1 8 668 66d 1 8 66p 66v 2 8 674 67b 1 8 67k 67l 1 22 67m 67p 1 2e 67q 67r 1 2s
67s 67t 1 3k 67u 67v 1 34 67w 67x 1 3i 69c 69d 1 8 69q 69q 1 -5k5 6a8 6a9 1 8 6ao 6ap 1 8 6at 6at
1 7 6ku 6ku 1 -s 6ls 6m7 1 -g 6mc 6mc 1 -1 79s 7ah 1 -q 8q8 8rj 1 -1c 8rl 8rl 1 -1 8rp 8rp 1 -8bv
8rq 8rq 1 -8bs 8rs 8rw 2 -1 8s3 8s3 1 -1 8s6 8s6 1 -1 8sh 8v7 2 -1 8vg 8vi 2 -1 8vn 8vn 1 -1 8w0
8x1 1 -5ls 8x3 8x3 1 -5ls 8x9 8x9 1 -5ls wu9 wvh 2 -1 ww1 wwr 2 -1 x0j x0v 2 -1 x0z x2n 2 -1 x2y
x30 2 -1 x33 x3b 2 -1 x3g x3g 1 -1 x3l x3n 2 -1 x3o x3o 1 1c x3r x49 2 -1 x4l x4z 2 -1 x54 x56 2
-1 x5d x5d 1 -1 x5j x5l 2 -1 x6e x6e 1 -1 xub xub 1 -ps xv4 xxb 1 -tzk 1ef5 1efu 1 -w 1fe0 1ff3 1
-14 1fiw 1fjv 1 -14 1fo7 1foh 1 -13 1foj 1fox 1 -13 1foz 1fp5 1 -13 1fp7 1fp8 1 -13 1h34 1h4i 1
-1s 1jgg 1jhb 1 -w 20dc 20e7 1 -w 2oma 2on7 1 -y
]],
  upper_words = [[
ß SS ŉ ʼN ǰ J̌ ΐ Ϊ́ ΰ Ϋ́ և ԵՒ ẖ H̱ ẗ T̈ ẘ W̊ ẙ Y̊ ẚ Aʾ ὐ Υ̓ ὒ Υ̓̀ ὔ Υ̓́ ὖ Υ̓͂ ᾀ ἈΙ ᾁ ἉΙ ᾂ ἊΙ ᾃ
ἋΙ ᾄ ἌΙ ᾅ ἍΙ ᾆ ἎΙ ᾇ ἏΙ ᾈ ἈΙ ᾉ ἉΙ ᾊ ἊΙ ᾋ ἋΙ ᾌ ἌΙ ᾍ ἍΙ ᾎ ἎΙ ᾏ ἏΙ ᾐ ἨΙ ᾑ ἩΙ ᾒ ἪΙ ᾓ ἫΙ ᾔ ἬΙ ᾕ ἭΙ ᾖ ἮΙ
ᾗ ἯΙ ᾘ ἨΙ ᾙ ἩΙ ᾚ ἪΙ ᾛ ἫΙ ᾜ ἬΙ ᾝ ἭΙ ᾞ ἮΙ ᾟ ἯΙ ᾠ ὨΙ ᾡ ὩΙ ᾢ ὪΙ ᾣ ὫΙ ᾤ ὬΙ ᾥ ὭΙ ᾦ ὮΙ ᾧ ὯΙ ᾨ ὨΙ ᾩ ὩΙ ᾪ
ὪΙ ᾫ ὫΙ ᾬ ὬΙ ᾭ ὭΙ ᾮ ὮΙ ᾯ ὯΙ ᾲ ᾺΙ ᾳ ΑΙ ᾴ ΆΙ ᾶ Α͂ ᾷ Α͂Ι ᾼ ΑΙ ῂ ῊΙ ῃ ΗΙ ῄ ΉΙ ῆ Η͂ ῇ Η͂Ι ῌ ΗΙ ῒ Ϊ̀ ΐ
Ϊ́ ῖ Ι͂ ῗ Ϊ͂ ῢ Ϋ̀ ΰ Ϋ́ ῤ Ρ̓ ῦ Υ͂ ῧ Ϋ͂ ῲ ῺΙ ῳ ΩΙ ῴ ΏΙ ῶ Ω͂ ῷ Ω͂Ι ῼ ΩΙ ﬀ FF ﬁ FI ﬂ FL ﬃ FFI ﬄ
FFL ﬅ ST ﬆ ST ﬓ ՄՆ ﬔ ՄԵ ﬕ ՄԻ ﬖ ՎՆ ﬗ ՄԽ
]],
}
