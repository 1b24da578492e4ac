/**
 * Passwords that every guesser tries first, in lower case and without digits and signs around
 * them (those are taken off before the look-up). Only what is long enough to pass the other rules.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `password passw0rd p@ssword p@ssw0rd pa$$word pa$$w0rd passwort motdepasse contraseña contrasena
   passwordpassword passphrase mypassword newpassword thepassword testpassword adminpassword
   administrator adminadmin rootroot superuser superadmin sysadmin
   welcome welcomewelcome letmein letmeinplease changeme changemeplease changeit secret
   topsecret verysecret supersecret secretsecret default defaultpassword
   qwerty qwertyuiop qwertzuiop azertyuiop asdfghjkl zxcvbnm qwertyqwerty qwerasdf asdfasdf
   asdfqwer qweasdzxc 1qaz2wsx 1qaz2wsx3edc zaq12wsx q1w2e3r4 q1w2e3r4t5 qazwsxedc qazwsxedcrfv
   1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1234qwer qwer1234 abcd1234 a1b2c3d4 abc12345 abcdefgh abcdefghi
   abcdefghijkl 12345678 123456789 1234567890 123456789012 0123456789 012345678910 987654321
   9876543210 0987654321 123123123 123123123123 121212121212 112233445566 147258369 123321123
   iloveyou iloveyouforever iloveyousomuch sunshine princess football baseball basketball superman
   batman spiderman starwars pokemon dragon monkey shadow master michael jennifer jessica charlie
   computer internet samsung whatever trustno trustnoone blink mustang liverpool chelsea arsenal
   manchester barcelona juventus bayern hello hellohello helloworld goodmorning summer winter spring
   autumn january february september october november december correcthorsebatterystaple
   tradepost tradeposttradepost shop shopping webshop customer customerpassword`
    .split(/\s+/)
    .filter(Boolean),
)
