package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
)

const (
	issuer     = "https://id.example.org"
	audience   = "https://id.example.org/apps/orders/production"
	permission = "approve"
)

// The keys are fetched again every five minutes, and when a token names one that is not among them.
var keys, keysErr = keyfunc.NewDefaultOverrideCtx(context.Background(),
	[]string{issuer + "/.well-known/jwks.json"}, keyfunc.Override{RefreshInterval: 5 * time.Minute})

type Claims struct {
	jwt.RegisteredClaims
	Permissions []string `json:"permissions"`
}

// Verify checks an access token, and that whoever it stands for holds the permission.
func Verify(token string) (*Claims, error) {
	if keysErr != nil {
		return nil, keysErr
	}
	claims := &Claims{}
	parsed, err := jwt.ParseWithClaims(token, claims, keys.Keyfunc, jwt.WithValidMethods([]string{"ES256"}),
		jwt.WithIssuer(issuer), jwt.WithAudience(audience), jwt.WithExpirationRequired())
	if err != nil {
		return nil, err
	}
	if parsed.Header["typ"] != "at+jwt" {
		return nil, errors.New("not an access token")
	}
	// A list that is not there gives nothing.
	if !slices.Contains(claims.Permissions, permission) {
		return nil, errors.New("needs " + permission)
	}
	return claims, nil
}
