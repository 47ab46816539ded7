"""Every blueprint of `/mp/v1`."""

from server.web.miniprogram import (
    agreements,
    applications,
    auth,
    certificate,
    certifications,
    faces,
    intents,
    me,
    messages,
    method,
    qr,
    register,
    seal_lifecycle,
    seals,
    subscribe,
    wechat,
)

BLUEPRINTS = (
    auth.bp,
    register.bp,
    wechat.bp,
    me.bp,
    agreements.bp,
    faces.bp,
    certificate.bp,
    intents.bp,
    method.bp,
    qr.bp,
    seals.bp,
    seal_lifecycle.bp,
    applications.bp,
    certifications.bp,
    subscribe.bp,
    messages.bp,
)
