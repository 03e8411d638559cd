"""Single sign-on: a team's own identity provider says who somebody is."""
