"""`/admin`: what staff do. Every route needs a member of staff; every rule is the services' own."""

from frontend.backoffice import dashboard, orders, payments, products, stock

routers = [dashboard.router, stock.router, products.router, orders.router, payments.router]
