"""Sign-in by OpenID Connect: a strict relying party over Authlib and joserfc. Gives verified people; decides no rights."""
