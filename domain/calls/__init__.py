"""Call requests, sessions and their legs: asked, admitted, talked, settled."""
