"""Every blueprint of `/mp/v1`."""

from server.web.miniprogram import auth, me, register

BLUEPRINTS = (auth.bp, register.bp, me.bp)
