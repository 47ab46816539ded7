"""Every blueprint of `/mp/v1`."""

from server.web.miniprogram import auth, me, qr, register, wechat

BLUEPRINTS = (auth.bp, register.bp, me.bp, qr.bp, wechat.bp)
